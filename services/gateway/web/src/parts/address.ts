// The state of a page lives in the address bar, so that a link to it can be sent to a colleague.
import { useCallback, useEffect, useRef, useState } from "react";
import { useSearchParams } from "wouter";

// Value of one parameter and how to change it; the default is not written. `push`: the back button undoes the change.
export function useParameter(name: string, initial = ""): [string, (value: string, push?: boolean) => void] {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (value: string, push = false) =>
      setParameters(
        () => {
          // Of the bar itself: two changes in a row must not undo each other.
          const next = new URLSearchParams(window.location.search);
          if (value === initial) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: !push },
      ),
    [name, initial, setParameters],
  );
  return [parameters.get(name) ?? initial, set];
}

const SETTLE_MS = 250;

// A parameter that somebody types: the text is there at once, the address follows when the typing rests.
export function useTyped(name: string): [string, (text: string) => void] {
  const [kept, keep] = useParameter(name);
  const [text, setText] = useState(kept);
  const written = useRef(kept);
  const timer = useRef(0);
  useEffect(() => {
    if (kept === written.current) return;
    // A link or the back button.
    window.clearTimeout(timer.current);
    written.current = kept;
    setText(kept);
  }, [kept]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const type = useCallback((next: string) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      written.current = next;
      keep(next);
    }, SETTLE_MS);
  }, [keep]);
  return [text, type];
}
