// Keys of a page. They keep silent while somebody types, except those with Ctrl.
import { useEffect } from "react";

// "j", "Enter", "?" or "Ctrl+Enter". Letters work in both keyboard layouts: the key's place counts.
export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

function nameOf(event: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const key = letter ?? (event.code === "Slash" && !event.shiftKey ? "/" : event.code === "Slash" ? "?" : event.key);
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + key;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target instanceof HTMLInputElement && !/^(checkbox|radio)$/.test(target.type)));

// Enter on a button or a link is for that button.
const isAnswered = (target: EventTarget | null) => target instanceof Element && target.closest("button, a[href], summary") !== null;

export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const name = nameOf(event);
      const act = shortcuts[name];
      if (!act || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) && !name.startsWith("Ctrl+")) return;
      if (name === "Enter" && isAnswered(event.target)) return;
      if (document.querySelector(".overlay")) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [shortcuts]);
}
