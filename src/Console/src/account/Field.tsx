import type { ComponentChildren } from 'preact';

interface Props {
  label: string;
  name: string;
  value: string;
  onValue(value: string): void;
  type?: 'text' | 'password';
  /** What password managers fill in. */
  autocomplete?: string;
  hint?: ComponentChildren;
  lines?: number;
  mono?: boolean;
}

/** A labelled input; the hint is read with it. */
export function Field({ label, name, value, onValue, type = 'text', autocomplete = 'off', hint, lines, mono = false }: Props) {
  const common = {
    id: `field-${name}`,
    name,
    value,
    required: true,
    spellcheck: false,
    autocapitalize: 'none' as const,
    class: mono ? 'input mono' : 'input',
    'aria-describedby': hint === undefined ? undefined : `hint-${name}`,
  };
  const onInput = (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value);
  return (
    <div class="field">
      <label for={common.id}>{label}</label>
      {lines !== undefined ? (
        <textarea {...common} rows={lines} autocomplete="off" onInput={onInput} />
      ) : type === 'password' ? (
        <input {...common} type="password" autocomplete={autocomplete} onInput={onInput} />
      ) : (
        <input {...common} type="text" autocomplete={autocomplete} onInput={onInput} />
      )}
      {hint !== undefined && (
        <p id={`hint-${name}`} class="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
