import type { Sample } from '../live/rates';
import { RateChart } from './RateChart';

/** Two charts with one scale each: two scales in one chart suggest crossings that mean nothing. */
export function Throughput({ samples }: { samples: Sample[] }) {
  return (
    <section class="panel throughput" aria-labelledby="throughput-title">
      <div class="panel-head">
        <h2 id="throughput-title">Throughput</h2>
        <span class="quiet">last 3 minutes</span>
      </div>
      <div class="charts">
        <RateChart title="Requests per second" samples={samples} rate={requests} colour="--series-requests" />
        <RateChart title="Tokens per second" samples={samples} rate={tokens} colour="--series-tokens" />
      </div>
    </section>
  );
}

const requests = (sample: Sample) => sample.requestsPerSecond;
const tokens = (sample: Sample) => sample.tokensPerSecond;
