import type { Worker } from '../live/wire';
import { shortId } from '../page/text';

/** The worker's id with the connected dot, and its hardware below. */
export function WorkerName({ worker }: { worker: Worker }) {
  const connected = worker.connected === true;
  const { gpu_model: model, gpu_count: count } = worker.hardware ?? {};
  return (
    <span class="worker-name">
      <span class={connected ? 'dot dot-on' : 'dot dot-off'} title={connected ? 'connected' : 'not connected'} aria-hidden="true" />
      <span>
        <span title={worker.id}>{shortId(worker.id, 18, 4)}</span>
        <span class="visually-hidden">, {connected ? 'connected' : 'not connected'}</span>
        {model && (
          <span class="second-line">
            {count && count > 1 ? `${count} × ` : ''}
            {model}
          </span>
        )}
      </span>
    </span>
  );
}
