using System.Numerics;
using System.Text.Json;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Epochs;
using CocoonPool.PoolSimulation.Database;
using CocoonPool.PoolSimulation.Pool;
using CocoonPool.Verifier;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>Epochs go one way and are closed once; what a bundle says is what was contributed, what the books moved and what is paid.</summary>
internal sealed class EpochAuditor(PoolDatabase database, Func<DateTimeOffset> clock, Action<string> objectTo)
{
    private readonly List<EpochDescription> _seen = [];

    /// <summary>The latest time that the pool's clock has shown: what was told then may be written after the clock was set back.</summary>
    private DateTimeOffset _latest;

    public void Committed()
    {
        _latest = clock() > _latest ? clock() : _latest;
        for (var i = 0; i < database.Epochs.Rows.Count; i++)
        {
            var now = database.Epochs.Rows[i];
            if (i == _seen.Count)
            {
                _seen.Add(now);
                if (now.Start > _latest)
                    objectTo($"epoch {now.Number} was opened when no clock had shown more than {_latest:O}, and begins at {now.Start:O}");
            }
            if (!ReferenceEquals(now, _seen[i]))
                Compare(_seen[i], now);
            _seen[i] = now;
        }

        foreach (var (epoch, writes) in database.BundleWrites)
        {
            if (writes > 1)
                objectTo($"epoch {epoch} was closed {writes} times");
        }
    }

    public IEnumerable<EpochDescription> Unsettled(DateTimeOffset dueBefore) =>
        database.Epochs.Rows.Where(e => e.Phase != EpochState.Settled && e.End + PoolTimes.Grace < dueBefore);

    public bool IsSettledAndClaimed(int epoch) =>
        database.Epochs.Find(new(epoch))?.Phase == EpochState.Settled
        && (database.Settlements.GetValueOrDefault(epoch)?.Held.All(h => h.State == HoldState.Claimed) ?? true);

    public void JudgeAtTheEnd(DateTimeOffset now)
    {
        for (var i = 1; i < database.Epochs.Rows.Count; i++)
        {
            if (database.Epochs.Rows[i].Start != database.Epochs.Rows[i - 1].End)
                objectTo($"epoch {i + 1} starts at {database.Epochs.Rows[i].Start:O} and the one before ends at {database.Epochs.Rows[i - 1].End:O}");
        }

        foreach (var (epoch, bundle) in database.Bundles)
        {
            if (EpochVerifier.Verify(bundle.Json, Convert.ToHexStringLower(bundle.Hash)) is { Ok: false } report)
                objectTo($"the second implementation does not confirm epoch {epoch}: {string.Join("; ", report.Differences.Take(2))}");
            using var json = JsonDocument.Parse(bundle.Json);
            JudgeBundle(epoch, json.RootElement);
        }
    }

    private void Compare(EpochDescription before, EpochDescription now)
    {
        if (now.Phase != before.Phase && now.Phase != before.Phase + 1)
            objectTo($"epoch {now.Number} went from {before.Phase} to {now.Phase}");
        if (before.Phase >= EpochState.Closing && (now.End != before.End || now.Start != before.Start))
            objectTo($"epoch {now.Number} changed its boundaries when it was {before.Phase}");
        if (before.Phase >= EpochState.Finalized && (now.BundleHash != before.BundleHash || now.MerkleRoot != before.MerkleRoot || now.Revenue != before.Revenue))
            objectTo($"epoch {now.Number} changed its result when it was {before.Phase}");
    }

    private void JudgeBundle(int epoch, JsonElement bundle)
    {
        var lines = database.Ledger.Lines.Select(l => l.Transfer).Where(t => t.Reference == $"epoch/{epoch}" || t.Id.StartsWith($"epoch/{epoch}/", StringComparison.Ordinal))
            .ToDictionary(t => t.Id, t => t.Amount.Value, StringComparer.Ordinal);
        var moved = 0L;
        foreach (var participant in bundle.GetProperty("participants").EnumerateArray())
        {
            var address = participant.GetProperty("address").GetString()!;
            JudgeTally(epoch, address, participant);
            moved += Expect($"epoch/{epoch}/share/{address}", Number(participant, "share_nano"));
            moved += Expect($"epoch/{epoch}/referral/{address}", Number(participant, "referral_bonus_nano"));
            var payable = database.Shares[epoch].Single(s => s.Participant.ToString() == address);
            if (payable.Payable != Number(participant, "payable_nano") || payable.PayoutAddress.ToString() != participant.GetProperty("payout_address").GetString())
                objectTo($"epoch {epoch}: the table pays {address} {payable.Payable}, the bundle {Number(participant, "payable_nano")}");
        }

        moved += Expect($"epoch/{epoch}/fee", Number(bundle, "fee_nano")) + Expect($"epoch/{epoch}/carry-over", Number(bundle, "carried_over_nano"));
        if (moved != Number(bundle, "revenue_nano"))
            objectTo($"epoch {epoch} had a revenue of {Number(bundle, "revenue_nano")} and moved {moved}");

        long Expect(string id, long amount)
        {
            if (lines.GetValueOrDefault(id) != amount)
                objectTo($"the bundle says {amount} for {id} and the books {lines.GetValueOrDefault(id)}");
            return amount;
        }
    }

    /// <summary>What was tallied is what was contributed: the sums of the rows, which nobody keeps running.</summary>
    private void JudgeTally(int epoch, string address, JsonElement participant)
    {
        var rows = database.Contributions.Where(c => c.Epoch == epoch && c.Participant.ToString() == address).ToList();
        var tokens = rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Increment.AdjustedTokens);
        var uptime = database.Uptime.Where(u => u.Epoch == epoch && u.Participant.ToString() == address)
            .Aggregate(BigInteger.Zero, (sum, u) => sum + ((u.To - u.From).Ticks / TimeSpan.TicksPerMillisecond * u.Gpus));
        Same("adjusted_tokens", tokens);
        Same("gpu_milliseconds", uptime);
        Same("tasks", rows.Count(r => r.Outcome == Domain.Contributions.TaskOutcome.Success));

        void Same(string figure, BigInteger summed)
        {
            if (BigInteger.Parse(participant.GetProperty(figure).GetString()!) != summed)
                objectTo($"epoch {epoch} of {address}: {figure} is {participant.GetProperty(figure).GetString()} in the bundle and {summed} in the rows");
        }
    }

    private static long Number(JsonElement json, string name) => long.Parse(json.GetProperty(name).GetString()!);
}
