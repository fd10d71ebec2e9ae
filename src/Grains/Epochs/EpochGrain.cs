using System.Text.Json;
using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Audit;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Settlement;
using CocoonPool.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Epochs;

/// <inheritdoc cref="IEpochGrain"/>
public sealed partial class EpochGrain(
    IEpochStore epochs,
    IContributionStore contributions,
    IContributionArchive archive,
    IParticipantDirectory participants,
    IWorkerDirectory workers,
    ILedgerStore ledger,
    IAuditJournal journal,
    PoolSettings settings,
    TimeProvider time,
    ILogger<EpochGrain> log) : Grain, IEpochGrain
{
    private Task<Outcome<EpochClosing>>? _closing;

    private string PoolId => GrainKeys.Split(this.GetPrimaryKeyString()).PoolId;

    private EpochNumber Number => new(int.Parse(GrainKeys.Split(this.GetPrimaryKeyString()).Name));

    public Task<EpochDescription?> Describe() => epochs.Find(PoolId, Number);

    /// <summary>
    /// One closing at a time, and everybody who asks waits for it. So a closing may take longer than a call may: the first call carries
    /// it to its end although its caller has given up, and whoever asks then joins it instead of beginning another one.
    /// </summary>
    public async Task<Outcome<EpochClosing>> Close(DateTimeOffset end)
    {
        var closing = _closing ??= CloseOnce(end);
        try
        {
            return await closing;
        }
        finally
        {
            if (ReferenceEquals(_closing, closing))
                _closing = null;
        }
    }

    private async Task<Outcome<EpochClosing>> CloseOnce(DateTimeOffset end)
    {
        if (await epochs.Find(PoolId, Number) is not { } known)
            return Outcome<EpochClosing>.Refused("not_found", $"Epoch {Number} has not begun.");
        if (known.Phase >= EpochState.Finalized)
            return Outcome<EpochClosing>.Done(Closing(known));

        if (await EarlierEpochs() is { Accepted: false } wait)
            return Outcome<EpochClosing>.From(wait);
        if (known.Phase == EpochState.Open && await GrainFactory.GetGrain<IRevenueGrain>(PoolId).ReadThrough(end) is { Accepted: false } unread)
            return Outcome<EpochClosing>.From(unread);

        await RotateMonths();

        // From here on nothing is added to the epoch; a crash at any later line ends with the same bundle when Close is called again.
        var epoch = await epochs.BeginClosing(PoolId, Number, end);
        var close = await Gather(epoch);
        var result = EpochFinalization.Finalize(close);
        var bundle = EpochBundle.ToCanonicalJson(close, result);
        var hash = EpochBundle.Hash(bundle);
        await journal.Write(PoolId, new(
            $"epoch/{Number}/finalized/{Convert.ToHexStringLower(hash)}", "epoch_finalized", $"epoch/{Number}", time.GetUtcNow(),
            JsonSerializer.Serialize(new { bundleHash = Convert.ToHexStringLower(hash), revenueNano = result.Revenue, feeNano = result.Fee, participants = result.Participants.Length }, DomainJson.Options)));
        await epochs.Finalize(PoolId, new(Number, result, bundle, EpochBundle.ToCsv(close, result), hash, EpochTransfers.For(close, result)));
        LogFinalized(Number, result.Revenue, result.Fee, result.Participants.Length, Convert.ToHexStringLower(hash));
        await BeginSettlement();
        return Outcome<EpochClosing>.Done(Closing((await epochs.Find(PoolId, Number))!));
    }

    /// <summary>The epoch is closed, whatever becomes of this: the plan of a large one goes on without us, and the calendar begins what has not begun.</summary>
    private async Task BeginSettlement()
    {
        try
        {
            await GrainFactory.GetGrain<ISettlementGrain>(this.GetPrimaryKeyString()).Begin();
        }
        catch (TimeoutException)
        {
            LogPlanTakesLong(Number);
        }
    }

    public async Task<Outcome<EpochClosing>> Preview(DateTimeOffset end)
    {
        if (await epochs.Find(PoolId, Number) is not { } known)
            return Outcome<EpochClosing>.Refused("not_found", $"Epoch {Number} has not begun.");
        var close = await Gather(known with { End = end });
        var result = EpochFinalization.Finalize(close);
        var hash = Convert.ToHexStringLower(EpochBundle.Hash(EpochBundle.ToCanonicalJson(close, result)));
        return Outcome<EpochClosing>.Done(new(Number, result.Revenue, result.Fee, result.Participants.Length, hash, DryRun: true));
    }

    /// <summary>
    /// What earlier epochs owe must be decided and reserved before this one looks at what is left in the reward accounts; otherwise
    /// the same money would be payable twice, and the ledger would have to stop the second settlement.
    /// </summary>
    private async Task<Outcome> EarlierEpochs()
    {
        foreach (var earlier in (await epochs.Unsettled(PoolId)).Where(e => e.Number < Number))
        {
            if (earlier.Phase < EpochState.Finalized)
                return Outcome.Refused("earlier_epoch_open", $"Epoch {earlier.Number} is {earlier.Phase.ToString().ToLowerInvariant()}; it is closed first, by itself, within a second.");
            if (earlier.Phase == EpochState.Finalized)
                await GrainFactory.GetGrain<ISettlementGrain>(GrainKeys.Epoch(PoolId, earlier.Number)).Begin();
        }
        return Outcome.Done;
    }

    /// <summary>The months that the next epoch will need are there before it needs them, and those that nobody needs any more go.</summary>
    private async Task RotateMonths()
    {
        var now = time.GetUtcNow();
        await archive.Prepare(now, now.AddMonths(2));
        if (settings.ContributionRetention > TimeSpan.Zero && await archive.Retire(now - settings.ContributionRetention) is { Retired: { Count: > 0 } retired })
            LogRetired(string.Join(", ", retired));
    }

    /// <summary>
    /// A row that a crash left behind its grain decides no money: whoever announced a change and did not save it is asked to. What cannot
    /// be asked stops the closing, which is tried again within a second.
    /// </summary>
    private async Task BringDirectoriesUpToDate()
    {
        foreach (var participant in await participants.Behind(PoolId))
            await GrainFactory.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolId, participant)).ReviewStake();
        foreach (var worker in await workers.Behind(PoolId))
            await GrainFactory.GetGrain<IWorkerGrain>(GrainKeys.Worker(PoolId, worker)).Enlist();
    }

    /// <summary>Everything that decides the epoch, read once: tallies, who may be paid how, revenue, parameters.</summary>
    private async Task<EpochClose> Gather(EpochDescription epoch)
    {
        // The rules that stood when the epoch began: nobody's work is judged by rules that came while it was done.
        var rules = await GrainFactory.GetGrain<IPoolGrain>(PoolId).ParametersAt(epoch.Start) ?? throw new InvalidOperationException($"Epoch of pool '{PoolId}', which does not exist.");
        var parameters = PoolParametersJson.Read(rules);
        await BringDirectoriesUpToDate();
        var accounts = await ledger.Accounts(PoolId);
        var entrants = EntrantAssembly.Assemble(
            epoch, await participants.List(PoolId), await workers.Active(PoolId), await contributions.Tallies(PoolId, Number), accounts);
        var revenue = await epochs.Revenue(PoolId, Number);
        return new(Number, epoch.Start, epoch.End, [.. revenue], [.. entrants], parameters, PoolId);
    }

    private static EpochClosing Closing(EpochDescription epoch) =>
        new(epoch.Number, epoch.Revenue, epoch.Fee, epoch.Participants, epoch.BundleHash ?? "", DryRun: false);
}
