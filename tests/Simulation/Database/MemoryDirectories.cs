using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.Grains.Workers;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="IParticipantDirectory"/>
public class MemoryParticipantDirectory(PoolDatabase database, StoreOperations operations) : IParticipantDirectory
{
    public Task<bool> TakeSeat(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default) => Commit("take seat", () =>
    {
        if (database.Seats.Count < limit)
            database.Seats.Add(participant);
        return database.Seats.Contains(participant);
    });

    public Task<int> Seats(string poolId, CancellationToken cancellationToken = default) => Read("seats", () => database.Seats.Count);

    public Task<string?> NameReferrer(string poolId, TonAddress referee, TonAddress referrer, CancellationToken cancellationToken = default) => Commit<string?>("name referrer", () =>
    {
        if (database.Referrals.TryGetValue(referee, out var named))
            return named == referrer ? null : "referrer_already_named";
        var refusal = Referral.RefusalOf(referee, referrer, database.Participants.ContainsKey(referrer), database.Referrals.Values.Count(r => r == referrer));
        if (refusal is null)
            database.Referrals.Add(referee, referrer);
        return refusal;
    });

    public Task<(long Gpus, int Bringers)> Others(string poolId, TonAddress participant, CancellationToken cancellationToken = default) => Read("others", () =>
    {
        var others = database.Participants.Values.Where(p => p.Address != participant && p.Gpus > 0).ToList();
        return (others.Sum(p => (long)p.Gpus), others.Count);
    });

    public virtual Task Announce(string poolId, TonAddress participant, long revision, CancellationToken cancellationToken = default) =>
        Commit("announce", () => database.ParticipantMarks[participant] = revision);

    public Task<IReadOnlyList<TonAddress>> Behind(string poolId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<TonAddress>>("behind", () => [.. database.ParticipantMarks.Keys]);

    public Task Save(string poolId, ParticipantDescription participant, long revision, CancellationToken cancellationToken = default) => Commit("save", () =>
    {
        if (!database.Participants.ContainsKey(participant.Address))
            database.Tell(new($"participant/{participant.Address}/registered", participant.JoinedAt, "participant_registered", participant.Address, "{}"));
        database.Participants[participant.Address] = database.Participants.TryGetValue(participant.Address, out var held)
            ? participant with { Reputation = held.Reputation, JoinedAt = held.JoinedAt }
            : participant;
        if (database.ParticipantMarks.TryGetValue(participant.Address, out var announced) && announced <= revision)
            database.ParticipantMarks.Remove(participant.Address);
    });

    public Task<IReadOnlyList<ParticipantDescription>> List(string poolId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<ParticipantDescription>>("list", () => [.. database.Participants.Values]);

    public Task<IReadOnlyDictionary<TonAddress, int>> Reputations(string poolId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyDictionary<TonAddress, int>>("reputations", () => database.Participants.Values.Where(p => p.Gpus > 0).ToDictionary(p => p.Address, p => p.Reputation));

    public Task<ParticipantDescription?> Find(string poolId, TonAddress address, CancellationToken cancellationToken = default) =>
        Read("find", () => database.Participants.GetValueOrDefault(address));

    private Task<T> Read<T>(string operation, Func<T> query) => PoolDatabase.Read(operations, "participants", operation, query);

    private Task<T> Commit<T>(string operation, Func<T> effect) => database.Commit(operations, "participants", operation, effect);

    private Task Commit(string operation, Action effect) => database.Commit(operations, "participants", operation, effect);
}

/// <inheritdoc cref="IWorkerDirectory"/>
public sealed class MemoryWorkerDirectory(PoolDatabase database, StoreOperations operations) : IWorkerDirectory
{
    public Task Announce(string poolId, WorkerId worker, long revision, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "workers", $"announce {worker}", () => database.WorkerMarks[worker.Value] = revision);

    public Task<IReadOnlyList<WorkerId>> Behind(string poolId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<WorkerId>>(operations, "workers", "behind", () => [.. database.WorkerMarks.Keys.Select(id => new WorkerId(id))]);

    public Task Save(string poolId, WorkerDescription worker, DateTimeOffset? activeSince, long revision, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "workers", $"save {worker.Id}", () =>
        {
            database.Workers[worker.Id.Value] = new(worker, activeSince);
            if (database.WorkerMarks.TryGetValue(worker.Id.Value, out var announced) && announced <= revision)
                database.WorkerMarks.Remove(worker.Id.Value);
        });

    public Task<IReadOnlyList<WorkerDescription>> List(string poolId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<WorkerDescription>>(operations, "workers", "list", () => [.. database.Workers.Values.Select(w => w.Worker)]);

    public Task<IReadOnlyList<ActiveWorker>> Active(string poolId, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<ActiveWorker>>(operations, "workers", "active", () =>
        [
            .. database.Workers.Values.Where(w => w.ActiveSince is not null)
                .Select(w => new ActiveWorker(w.Worker.Id, w.Worker.Registration.Participant, w.Worker.Registration.GpuCount, w.ActiveSince!.Value,
                    w.Worker.State == WorkerState.Deactivated ? w.Worker.StateSince : null)),
        ]);
}

/// <inheritdoc cref="IPoolEvents"/>
public sealed class MemoryPoolEvents(PoolDatabase database, StoreOperations operations) : IPoolEvents
{
    public Task Append(string poolId, PoolEvent happened, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "events", happened.Type, () => database.Tell(happened));

    public Task<IReadOnlyList<PoolEvent>> List(string poolId, TonAddress participant, int limit, IReadOnlyList<string>? without = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");
}

/// <inheritdoc cref="IMisconductReports"/>
public sealed class MemoryMisconductReports(PoolDatabase database, StoreOperations operations) : IMisconductReports
{
    public Task File(string poolId, MisconductReport report, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "misconduct", "file", () => database.Misconduct.TryAdd(report.Id, (report, null)));

    public Task<IReadOnlyList<MisconductReport>> Waiting(string poolId, int limit, CancellationToken cancellationToken = default) =>
        PoolDatabase.Read<IReadOnlyList<MisconductReport>>(operations, "misconduct", "waiting", () =>
            [.. database.Misconduct.Values.Where(one => one.Outcome is null).Take(limit).Select(one => one.Report)]);

    public Task Conclude(string poolId, string reportId, string outcome, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "misconduct", "conclude", () => database.Misconduct[reportId] = (database.Misconduct[reportId].Report, outcome));

    public Task<IReadOnlyList<(MisconductReport Report, string? Outcome)>> List(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No grain asks for it.");
}
