import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { SAMPLES_KEPT, type Sample } from '../live/rates';
import { formatRate } from '../page/text';
import { onThemeChange } from '../page/theme';

interface Props {
  title: string;
  samples: Sample[];
  rate(sample: Sample): number | null;
  /** Custom property with the colour of the line. */
  colour: string;
}

const HEIGHT = 148;

/** Marks of the time axis, counted back from the newest sample. */
const MINUTES = [3, 2, 1, 0];

/** Averages this many seconds into the figure above the chart, which would flicker otherwise. */
const FIGURE_SECONDS = 5;

export function RateChart({ title, samples, rate, colour }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new uPlot(chartOptions(element.clientWidth, colour), [[], []], element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const stopTheme = onThemeChange(() => made.redraw(false, true));
    return () => {
      stopTheme();
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [colour]);

  useEffect(() => {
    plot.current?.setData([samples.map((sample) => sample.atMs / 1000), samples.map(rate)]);
  }, [samples, rate, colour]);

  const current = mean(samples.slice(-FIGURE_SECONDS).map(rate));
  const peak = samples.reduce((highest, sample) => Math.max(highest, rate(sample) ?? 0), 0);
  return (
    <figure class="rate">
      <figcaption>
        <span class="rate-title">{title}</span>
        <span class="rate-now">{formatRate(current)}</span>
      </figcaption>
      <div ref={frame} class="chart" role="img" aria-label={`${title}, now ${formatRate(current)}, peak of the last minutes ${formatRate(peak)}`} />
    </figure>
  );
}

function mean(rates: (number | null)[]): number | null {
  const known = rates.filter((each) => each !== null);
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length;
}

/** Colours are functions, so that a redraw after a change of theme reads the new ones. */
function chartOptions(width: number, colour: string): uPlot.Options {
  const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: () => css('--ink-quiet'),
    font: '11px system-ui, sans-serif',
    grid: { show: false },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 18, 0, 0],
    scales: {
      // A window of fixed length: the line walks in from the right instead of stretching while it is short.
      x: { time: true, range: (_, __, last) => [last - SAMPLES_KEPT, last] },
      y: { range: (_, __, highest) => [0, Math.max(1, (highest ?? 0) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        splits: (_, __, ___, last) => MINUTES.map((minute) => last - minute * 60),
        values: () => MINUTES.map((minute) => (minute === 0 ? 'now' : `−${minute} min`)),
      },
      {
        ...axis,
        size: 44,
        space: 36,
        grid: { stroke: () => css('--line'), width: 1 },
        values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? formatRate(value) : value.toFixed(1))),
      },
    ],
    series: [{}, { stroke: () => css(colour), fill: () => `${css(colour)}1f`, width: 1.75, points: { show: false }, spanGaps: false }],
  };
}
