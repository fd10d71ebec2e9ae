import { Empty } from './Empty';

/** The whole page before anything is known: a moment of loading, or a silo that cannot be reached. */
export function Unreachable({ problem }: { problem: string | null }) {
  return (
    <section class="panel">
      {problem === null ? (
        <Empty title="Loading the pool…" />
      ) : (
        <Empty title={problem}>
          <p>
            Is it running? On a single machine, start everything with <code>./cocoon up</code> and look at <code>./cocoon status</code>.
            This page connects by itself as soon as the silo answers.
          </p>
        </Empty>
      )}
    </section>
  );
}
