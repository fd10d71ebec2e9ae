interface Props {
  /** Between 0 and 1. */
  part: number;
  /** Makes the bar a progress bar with a name; without it the bar only repeats a figure beside it and is hidden. */
  label?: string;
}

/** Preact sets `style` through the object model, which the content security policy allows; markup with styles it would not. */
export function Bar({ part, label }: Props) {
  const progress = label
    ? ({ role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(part * 100) } as const)
    : ({ 'aria-hidden': true } as const);
  return (
    <span class="bar" {...progress}>
      <span class="bar-fill" style={{ transform: `scaleX(${part})` }} />
    </span>
  );
}
