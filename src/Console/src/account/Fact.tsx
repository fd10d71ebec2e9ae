import type { ComponentChildren } from 'preact';

/** One named figure of a list of them; a pair of its own, so that a narrow screen wraps whole pairs. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
