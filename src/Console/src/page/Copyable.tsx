import { useEffect, useState } from 'preact/hooks';
import { shortId } from './text';

interface Props {
  /** What the value is, for the accessible name: "transaction", "address". */
  what: string;
  value: string;
  head?: number;
  tail?: number;
}

const CONFIRMATION_MS = 1_500;

/** A long identifier, shown by its ends; pressing it copies all of it. */
export function Copyable({ what, value, head = 6, tail = 4 }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const short = shortId(value, head, tail);
  // Browsers give no clipboard to pages from plain HTTP on another machine; the title still shows the whole value.
  if (!navigator.clipboard) return <code title={value}>{short}</code>;
  const copy = () => void navigator.clipboard.writeText(value).then(() => setCopied(true), () => undefined);
  return (
    <button type="button" class="copyable" title={value} onClick={copy}>
      <span class="visually-hidden">Copy {what} </span>
      <code>{short}</code>
      <span class="copied" role="status">
        {copied && 'copied'}
      </span>
    </button>
  );
}
