using CocoonPool.Adapters.Postgres.Ledger;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;
using CocoonPool.Grains.Metering;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Metering;

/// <inheritdoc cref="IClientBooks"/>
public sealed class PostgresClientBooks(NpgsqlDataSource database) : IClientBooks
{
    /// <summary>How long the id of a change is remembered, against its repetition.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    public Task<IReadOnlyList<ChangedBlock>> Change(
        string poolId, IReadOnlyList<BlockChange> changes, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken = default) =>
        database.InTransaction(async (connection, transaction) =>
        {
            var made = (await transaction.Query<Row>(
                "select id, client, epoch, amount, opened_at as \"OpenedAt\" from client_blocks where pool_id = @poolId and id = any(@ids)",
                new { poolId, ids = changes.Select(c => c.Id).ToArray() }, cancellationToken)).ToDictionary(r => r.Id);
            var todo = changes.Where(c => !made.ContainsKey(c.Id)).ToList();
            var answer = changes.Where(c => made.ContainsKey(c.Id)).Select(c => new ChangedBlock(c.Id, new(made[c.Id].Amount), Nanotons.Zero)).ToList();
            if (todo.Count > 0)
                answer.AddRange(await Make(connection, transaction, poolId, todo, now, leaseUntil, cancellationToken));
            return (IReadOnlyList<ChangedBlock>)answer;
        }, cancellationToken);

    public Task Renew(string poolId, IReadOnlyList<Guid> blocks, DateTimeOffset leaseUntil, CancellationToken cancellationToken = default) => database.Execute(
        "update client_blocks set expires_at = @leaseUntil where pool_id = @poolId and id = any(@blocks) and ended_at is null",
        new { poolId, blocks = blocks.ToArray(), leaseUntil = leaseUntil.UtcDateTime }, cancellationToken);

    public Task<int> ExpireLost(string poolId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.InTransaction(async (connection, transaction) =>
        {
            // The order of ids is the order of all who lock blocks; a block that is being changed just now is alive.
            var lost = await transaction.Query<Row>(
                """
                select id, client, epoch, amount, opened_at as "OpenedAt" from client_blocks
                where pool_id = @poolId and ended_at is null and expires_at < @now order by id for update skip locked
                """, new { poolId, now = now.UtcDateTime }, cancellationToken);
            await LedgerWriter.Append(connection, transaction, poolId,
                [.. lost.Where(b => b.Amount > 0).Select(b => b.Reservation().End(TransferAction.ExpireReserved, now))], cancellationToken);
            await transaction.Execute("update client_blocks set ended_at = @now where pool_id = @poolId and id = any(@ids)",
                new { poolId, now = now.UtcDateTime, ids = lost.Select(b => b.Id).ToArray() }, cancellationToken);
            await transaction.Execute("delete from client_blocks where pool_id = @poolId and ended_at < @before",
                new { poolId, before = (now - Remembered).UtcDateTime }, cancellationToken);
            return lost.Count;
        }, cancellationToken);

    public async Task<IReadOnlyList<UsageOfDay>> Usage(string poolId, string? client, int offset, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<UsageRow>(
            """
            select key_id as "KeyId", client, model, day, requests, failed, prompt_tokens as "Prompt", cached_tokens as "Cached",
                   completion_tokens as "Completion", charged
            from client_usage where pool_id = @poolId and (@client::text is null or client = @client)
            order by day desc, client, key_id, model offset @offset limit @limit
            """, new { poolId, client, offset, limit }, cancellationToken))
            .Select(u => new UsageOfDay(u.KeyId, u.Client, u.Model, u.Day, u.Requests, u.Failed, u.Prompt, u.Cached, u.Completion, u.Charged))];

    private static async Task<IReadOnlyList<ChangedBlock>> Make(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string poolId, List<BlockChange> changes, DateTimeOffset now, DateTimeOffset leaseUntil,
        CancellationToken cancellationToken)
    {
        var old = (await transaction.Query<Row>(
            """
            select id, client, epoch, amount, opened_at as "OpenedAt" from client_blocks
            where pool_id = @poolId and id = any(@ids) and ended_at is null order by id for update
            """, new { poolId, ids = changes.Select(c => c.OldBlock).OfType<Guid>().ToArray() }, cancellationToken)).ToDictionary(r => r.Id);
        var epoch = new EpochNumber((await transaction.Query<int>("select epoch from epoch_for(@poolId, @now)", new { poolId, now = now.UtcDateTime }, cancellationToken)).Single());

        // First the old blocks go back, so that the books say what each client has.
        await LedgerWriter.Append(connection, transaction, poolId,
            [.. old.Values.Where(b => b.Amount > 0).Select(b => b.Reservation().End(TransferAction.VoidReserved, now))], cancellationToken);
        var available = await Available(transaction, poolId, changes, cancellationToken);
        var (charges, reservations, answers) = (new List<Transfer>(), new List<Transfer>(), new List<ChangedBlock>());
        foreach (var change in changes)
        {
            // Only a block that was lost can leave a charge uncovered.
            var charge = Nanotons.Min(change.Charged, available[change.Client]);
            if (charge.IsPositive)
                charges.Add(MeteringTransfers.Charge(change.Id.ToString("n"), change.Client, epoch, charge, now));
            available[change.Client] -= charge;
            var covered = change.OldBlock is { } id && old.ContainsKey(id) ? change.Covered : Nanotons.Zero;
            var block = change.Target == Nanotons.Zero ? Nanotons.Zero : ClientAllowance.BlockSize(covered, change.Needed, change.Target, available[change.Client]);
            if (block.IsPositive)
                reservations.Add(MeteringTransfers.Reserve(change.Id.ToString("n"), change.Client, epoch, block, now));
            available[change.Client] -= block;
            answers.Add(new(change.Id, block, change.Charged - charge));
        }
        await LedgerWriter.Append(connection, transaction, poolId, [.. charges, .. reservations], cancellationToken);
        await Save(transaction, poolId, changes, answers, epoch, now, leaseUntil, cancellationToken);
        return answers;
    }

    private static async Task<Dictionary<string, Nanotons>> Available(NpgsqlTransaction transaction, string poolId, List<BlockChange> changes, CancellationToken cancellationToken)
    {
        var available = changes.Select(c => c.Client).Distinct(StringComparer.Ordinal).ToDictionary(c => c, _ => Nanotons.Zero, StringComparer.Ordinal);
        foreach (var (name, free) in await transaction.Query<(string Name, long Free)>(
            "select name, balance - reserved from ledger_accounts where pool_id = @poolId and name = any(@names)",
            new { poolId, names = available.Keys.Select(c => AccountName.Client(c).Value).ToArray() }, cancellationToken))
        {
            available[name["client:".Length..]] = new(free);
        }
        return available;
    }

    private static async Task Save(
        NpgsqlTransaction transaction, string poolId, List<BlockChange> changes, List<ChangedBlock> answers, EpochNumber epoch, DateTimeOffset now, DateTimeOffset leaseUntil,
        CancellationToken cancellationToken)
    {
        await transaction.Execute("update client_blocks set ended_at = @now where pool_id = @poolId and id = any(@ids) and ended_at is null",
            new { poolId, now = now.UtcDateTime, ids = changes.Select(c => c.OldBlock).OfType<Guid>().ToArray() }, cancellationToken);
        await transaction.Execute(
            """
            insert into client_blocks (pool_id, id, client, epoch, amount, opened_at, expires_at, ended_at)
            select @poolId, id, client, @epoch, amount, @now, @leaseUntil, case when amount = 0 then @now end
            from unnest(@ids, @clients, @amounts) as block (id, client, amount)
            """,
            new
            {
                poolId,
                epoch = epoch.Value,
                now = now.UtcDateTime,
                leaseUntil = leaseUntil.UtcDateTime,
                ids = changes.Select(c => c.Id).ToArray(),
                clients = changes.Select(c => c.Client).ToArray(),
                amounts = answers.Select(a => a.Block.Value).ToArray(),
            }, cancellationToken);
        foreach (var change in changes)
        {
            foreach (var line in change.Usage)
                await Add(transaction, poolId, change.Client, line, now, cancellationToken);
        }
    }

    private static Task<int> Add(NpgsqlTransaction transaction, string poolId, string client, UsageLine line, DateTimeOffset now, CancellationToken cancellationToken) => transaction.Execute(
        """
        insert into client_usage as known (pool_id, key_id, model, day, client, requests, failed, prompt_tokens, cached_tokens, completion_tokens, charged)
        values (@poolId, @KeyId, @Model, @day, @client, @Requests, @Failed, @PromptTokens, @CachedTokens, @CompletionTokens, @charged)
        on conflict (pool_id, key_id, model, day) do update set
            requests = known.requests + excluded.requests, failed = known.failed + excluded.failed,
            prompt_tokens = known.prompt_tokens + excluded.prompt_tokens, cached_tokens = known.cached_tokens + excluded.cached_tokens,
            completion_tokens = known.completion_tokens + excluded.completion_tokens, charged = known.charged + excluded.charged
        """,
        new
        {
            poolId,
            client,
            day = now.UtcDateTime.Date,
            line.KeyId,
            line.Model,
            line.Requests,
            line.Failed,
            line.PromptTokens,
            line.CachedTokens,
            line.CompletionTokens,
            charged = line.Charged.Value,
        }, cancellationToken);

    private sealed record Row(Guid Id, string Client, int Epoch, long Amount, DateTime OpenedAt)
    {
        public Transfer Reservation() => MeteringTransfers.Reserve(Id.ToString("n"), Client, new(Epoch), new(Amount), OpenedAt.Utc());
    }

    private sealed record UsageRow(
        string KeyId, string Client, string Model, DateOnly Day, long Requests, long Failed, long Prompt, long Cached, long Completion, long Charged);
}
