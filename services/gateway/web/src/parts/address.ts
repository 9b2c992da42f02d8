// The state of a page lives in the address bar, so that a link to it can be sent to a colleague.
import { useCallback } from "react";
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
