using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains.Participants;

namespace CocoonPool.PoolSimulation.Database;

/// <inheritdoc cref="IStakeStore"/>
public class MemoryStakeStore(PoolDatabase database, StoreOperations operations) : IStakeStore
{
    protected PoolDatabase Database => database;

    protected StoreOperations Operations => operations;

    public Task<long> Cursor(string poolId, TonAddress participant, CancellationToken cancellationToken = default) =>
        Read("cursor", () => database.StakeAccounts.TryGetValue(participant, out var account) ? account.Cursor : 0);

    public virtual Task Book(string poolId, TonAddress participant, long after, StakeReading reading, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "stakes", $"book {participant} to {reading.ReadTo}", () =>
        {
            var account = database.StakeAccounts.GetValueOrDefault(participant) ?? new(StakeAccountState.Empty(participant), 0, Nanotons.Zero);
            if (account.Cursor != after)
                return;
            var books = new StakeBooks(participant, database.Ledger.Accounts.GetValueOrDefault(AccountName.Stake(participant)), database.Slashes.Values.Where(s => s.Participant == participant));
            var (stake, booked) = (account.Stake, new List<BookedMovement>());
            foreach (var movement in reading.Movements)
            {
                books.Book(movement);
                stake = movement.After(stake);
                booked.Add(new(movement, stake));
            }

            if (books.Lines.Count > 0)
                database.Ledger.Append(books.Lines);
            foreach (var slash in books.ChangedSlashes)
                database.Slashes[slash.Id] = slash;
            database.StakeAccounts[participant] = new(reading.State, reading.ReadTo, stake);
            database.StakeMovements.AddRange(booked.Select(each => (participant, each)));
        });

    public Task<IReadOnlyList<BookedMovement>> Movements(string poolId, TonAddress participant, long afterLogicalTime, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<BookedMovement>>("movements", () => [.. database.StakeMovements.Where(m => m.Participant == participant && m.Booked.Movement.LogicalTime > afterLogicalTime).Select(m => m.Booked)]);

    public Task<IReadOnlyList<TonAddress>> Holders(string poolId, TonAddress? after, int limit, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<TonAddress>>("holders", () => [.. database.Participants.Keys.Union(database.StakeAccounts.Keys).Where(who => after is not { } last || who.CompareTo(last) > 0).Order().Take(limit)]);

    public Task<(IReadOnlyList<StakeAccountState> Accounts, IReadOnlyList<Slash> Slashes)> Concerned(string poolId, CancellationToken cancellationToken = default) =>
        Read<(IReadOnlyList<StakeAccountState>, IReadOnlyList<Slash>)>("concerned", () => ([.. database.StakeAccounts.Values.Select(account => account.State)], [.. database.Slashes.Values]));

    public Task<IReadOnlyList<StakeSignature>> Signatures(string poolId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<StakeSignature>>("signatures", () => [.. database.StakeSignatures.Values]);

    public Task SaveSignature(string poolId, StakeSignature signature, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "stakes", $"sign {signature.CommandId}", () => database.StakeSignatures[signature.CommandId] = signature);

    public Task ForgetSignature(string poolId, string commandId, CancellationToken cancellationToken = default) =>
        database.Commit(operations, "stakes", $"forget {commandId}", () => database.StakeSignatures.Remove(commandId));

    private Task<T> Read<T>(string operation, Func<T> query) => PoolDatabase.Read(operations, "stakes", operation, query);
}

/// <param name="Stake">On chain at the cursor.</param>
public sealed record StakeAccountRow(StakeAccountState State, long Cursor, Nanotons Stake);
