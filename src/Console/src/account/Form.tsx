import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  action: string;
  /** Answers what went wrong, in words for the person; null when nothing did. */
  submit(): Promise<string | null>;
  children: ComponentChildren;
}

/** Sends once at a time, and says at the button what went wrong. */
export function Form({ action, submit, children }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);

  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const told = await submit();
    // What worked has put another page in the place of this one.
    if (gone.current) return;
    setProblem(told);
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={(event) => void send(event)}>
      {children}
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="submit" class="button button-main" disabled={busy}>
        {busy ? 'One moment…' : action}
      </button>
    </form>
  );
}
