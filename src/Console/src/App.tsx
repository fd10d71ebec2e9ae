import { AccountPanel } from './account/AccountPanel';
import { usePlace } from './account/place';
import { SignIn } from './account/SignIn';
import { useIdentity } from './account/useIdentity';
import { EpochCard } from './epoch/EpochCard';
import { Tallies } from './epoch/Tallies';
import { hasFrame } from './live/state';
import { useConsole } from './live/useConsole';
import { useNow } from './live/useNow';
import { NetworkContext } from './page/Address';
import { Header } from './page/Header';
import { LinkBanner } from './page/LinkBanner';
import { Unreachable } from './page/Unreachable';
import { Headline } from './pool/Headline';
import { BatchTable } from './settlement/BatchTable';
import { PayoutTable } from './settlement/PayoutTable';
import { SettlementSummary } from './settlement/SettlementSummary';
import { Throughput } from './throughput/Throughput';
import { WorkerTable } from './workers/WorkerTable';

export function App() {
  const { state, retryNow } = useConsole();
  const now = useNow();
  const place = usePlace();
  const [identity, setIdentity] = useIdentity();
  const { overview } = state;
  const siloNow = now + state.clockOffsetMs;
  const pool = overview?.pool ?? null;
  const epoch = overview?.epoch ?? pool?.current_epoch ?? null;
  const settlement = overview?.settlement ?? state.earlierSettlement;
  const waiting = !hasFrame(state);

  return (
    <NetworkContext.Provider value={pool?.network ?? null}>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Header pool={pool} link={state.link} place={place} identity={identity} />
      <p class="visually-hidden" role="status" aria-live="polite">
        {state.announcement}
      </p>
      <main id="main" tabIndex={-1}>
        <LinkBanner state={state} now={now} onRetry={retryNow} />
        {place === 'account' ? (
          identity === undefined ? null : identity === null ? (
            <SignIn onSignedIn={setIdentity} />
          ) : (
            <AccountPanel identity={identity} onSignedOut={() => setIdentity(null)} />
          )
        ) : overview === null ? (
          <Unreachable problem={state.problem} />
        ) : (
          <>
            <Headline pool={pool} epoch={epoch} solvency={state.solvency} />
            <div class="columns columns-live">
              <Throughput samples={state.samples} />
              <EpochCard epoch={epoch} now={siloNow} />
            </div>
            <WorkerTable workers={overview.workers ?? []} waiting={waiting} now={siloNow} />
            <Tallies epoch={epoch} feeBps={pool?.economics?.fee_bps ?? 0} waiting={waiting} />
            <section class="panel" aria-labelledby="settlement-title">
              <SettlementSummary settlement={settlement} epoch={epoch} />
              {settlement && (
                <div class="settlement-tables">
                  <BatchTable batches={settlement.batches ?? []} />
                  <PayoutTable payouts={overview.payouts ?? []} />
                </div>
              )}
            </section>
          </>
        )}
      </main>
      <footer class="page-footer">
        <p>
          Amounts are exact to the nanoTON. Anyone can check a closed epoch offline: download its bundle and run{' '}
          <code>cocoon-admin verify-epoch</code>.
        </p>
      </footer>
    </NetworkContext.Provider>
  );
}
