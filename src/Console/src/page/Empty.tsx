import type { ComponentChildren } from 'preact';

/** Says what is missing and what to do next; a blank panel would look like a fault. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <div class="empty-next">{children}</div>}
    </div>
  );
}
