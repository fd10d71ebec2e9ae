using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Tests.Contributions;
using Npgsql;

namespace CocoonPool.Grains.Tests.Ledger;

/// <summary>What the books refuse, whoever writes: the pool's own code, or any client of the database.</summary>
public sealed class LedgerGuardTests : IAsyncLifetime
{
    private const string NextLine =
        """
        select pool_id, sequence + 1 as sequence, 'forged' as id, 0::smallint as action, 'revenue:1' as debit, 'operator:fees' as credit, 1::bigint as amount,
            3::smallint as kind, '' as reference, '2026-01-05'::timestamptz as at, null::text as reservation, hash as previous_hash
        from ledger_transfers order by sequence desc limit 1
        """;

    private const string RightHash =
        """
        sha256(previous_hash || convert_to(concat_ws(E'\n', sequence, id, action, debit, credit, amount, kind, reference, (extract(epoch from at) * 1000)::bigint, coalesce(reservation, ''), ''), 'UTF8'))
        """;

    private Store _store = null!;

    private ILedgerStore Ledger => _store.Get<ILedgerStore>();

    public async ValueTask InitializeAsync()
    {
        _store = await Store.Create();
        await Ledger.Append(Store.PoolId, [Deposit("deposit", 100), Fee("held", 40, TransferAction.Reserve)]);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("update ledger_accounts set balance = balance + 1 where name = 'operator:fees'", "never written")]
    [InlineData("insert into ledger_accounts values ('main', 'treasury', 5, 0, false)", "never written")]
    [InlineData("delete from ledger_accounts", "never written")]
    [InlineData("truncate ledger_accounts", "never written")]
    [InlineData("update ledger_transfers set amount = 1", "append-only")]
    [InlineData("delete from ledger_transfers", "append-only")]
    [InlineData("truncate ledger_transfers", "append-only")]
    public async Task Books_AreNeverChanged(string sql, string because) => await Refused(sql, because);

    [Theory]
    [InlineData("sequence", "sequence + 1", "does not continue")]
    [InlineData("previous_hash", "sha256('other')", "does not continue")]
    [InlineData("hash", "sha256('other')", "does not continue")]
    [InlineData("amount", "61", "ledger_accounts")]
    [InlineData("amount", "0", "amount")]
    [InlineData("credit", "'nobody'", "ledger_accounts_known")]
    [InlineData("credit", "'revenue:1'", "check")]
    [InlineData("at", "at + interval '1 microsecond'", "whole_milliseconds")]
    [InlineData("reservation", "'held'", "check")]
    public async Task Line_WithOneFault_IsRefused(string column, string value, string because) => await Refused(Insert(column, value), because);

    [Fact]
    public async Task Line_WithoutAFault_IsTakenFromAnyClient_AndMovesTheBalances()
    {
        await _store.Execute(Insert("amount", "60"));

        (await Ledger.Account(Store.PoolId, AccountName.OperatorFees)).ShouldBe(new(new(60), Nanotons.Zero));
        (await Ledger.Account(Store.PoolId, AccountName.Revenue(new(1)))).ShouldBe(new(new(40), new(40)));
        (await Ledger.Verify(Store.PoolId)).FirstProblem.ShouldBeNull();
    }

    [Theory]
    [InlineData("amount", "39")]
    [InlineData("credit", "'treasury'")]
    [InlineData("reservation", "'deposit'")]
    public async Task End_OfAReservationThatIsNotLikeIt_IsRefused(string column, string value) =>
        await Refused(Insert(column, value, new() { ["action"] = "2", ["amount"] = "40", ["reservation"] = "'held'" }), "ends no reservation");

    [Fact]
    public async Task Verify_WhenALineWasChangedBehindTheGuards_SaysWhich()
    {
        await _store.Execute("set session_replication_role = replica; update ledger_transfers set reference = 'other' where sequence = 2; set session_replication_role = origin");

        var books = await Ledger.Verify(Store.PoolId);

        books.FirstProblem.ShouldNotBeNull().ShouldContain("Transfer 2 ('held') was changed");
    }

    [Fact]
    public async Task Verify_WhenABalanceWasChangedBehindTheGuards_SaysWhich()
    {
        await _store.Execute("set session_replication_role = replica; update ledger_accounts set balance = 99 where name = 'revenue:1'; set session_replication_role = origin");

        (await Ledger.Verify(Store.PoolId)).FirstProblem.ShouldNotBeNull().ShouldContain("revenue:1 holds 99");
    }

    [Fact]
    public async Task Line_AfterALongHistory_IsCheckedWithoutReadingIt()
    {
        // In one session, whose plans were made while the books were all but empty, as in a silo that began with the pool.
        await using var connection = await _store.Get<NpgsqlDataSource>().OpenConnectionAsync();
        for (var i = 0; i < 300; i++)
            await Run($"line-{i}");
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await Fetched();
        await Run("last");

        (await Fetched() - before).ShouldBeLessThan(20);

        // The checks read by index only; what the inserting statement of this test reads to find the last line, it reads without.
        async Task<long> Fetched()
        {
            await using var read = new NpgsqlCommand("select idx_tup_fetch from pg_stat_xact_user_tables where relname = 'ledger_transfers'", connection, transaction);
            return Convert.ToInt64(await read.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
        }

        async Task Run(string id)
        {
            await using var command = new NpgsqlCommand(Insert("id", $"'{id}'", new() { ["debit"] = "'chain:distribution'", ["credit"] = "'revenue:1'" }), connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Append_FromManyClientsAtOnce_TakesEachListWholeOrNotAtAll()
    {
        await using var other = Store.Open(_store.Connection);
        await Ledger.Append(Store.PoolId, [Deposit("more", 900)]);

        // 960 are free and everybody asks for 3 and then 4: some lists must be refused, and no half of one may stay.
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            try
            {
                var ledger = (i % 2 == 0 ? _store : other).Get<ILedgerStore>();
                return (await ledger.Append(Store.PoolId, [Fee($"a{i}", 3), Fee($"b{i}", 4)])).All(r => r == TransferResult.Recorded);
            }
            catch (LedgerRefusedException refusal)
            {
                refusal.Result.ShouldBe(TransferResult.InsufficientFunds);
                return false;
            }
        })));

        answers.Count(taken => taken).ShouldBe(137);
        (await Ledger.Account(Store.PoolId, AccountName.OperatorFees)).Balance.ShouldBe(new(137 * 7));
        (await Ledger.Verify(Store.PoolId)).ShouldBe(new(2 + 1 + 2 * 137, (await Ledger.Verify(Store.PoolId)).HeadHash, null));
    }

    private static Transfer Deposit(string id, long amount) => new(
        id, AccountName.Distribution, AccountName.Revenue(new(1)), new(amount), TransferKind.Revenue, "transaction", Store.Monday);

    private static Transfer Fee(string id, long amount, TransferAction action = TransferAction.Post) => new(
        id, AccountName.Revenue(new(1)), AccountName.OperatorFees, new(amount), TransferKind.EpochFee, "epoch/1", Store.Monday, action);

    /// <summary>A line that is right in everything but one column, with the hash that fits what it then says.</summary>
    private static string Insert(string column, string value, Dictionary<string, string>? also = null)
    {
        string[] columns = ["pool_id", "sequence", "id", "action", "debit", "credit", "amount", "kind", "reference", "at", "reservation", "previous_hash"];
        string Value(string name, string otherwise) => name == column ? value : also?.GetValueOrDefault(name) ?? otherwise;
        var line = string.Join(", ", columns.Select(name => $"{Value(name, name)} as {name}"));
        return $"""
            insert into ledger_transfers ({string.Join(", ", columns)}, hash)
            select {string.Join(", ", columns)}, {Value("hash", RightHash)} from (select {line} from ({NextLine}) next) line
            """;
    }

    private async Task Refused(string sql, string because)
    {
        var refusal = await Should.ThrowAsync<PostgresException>(() => _store.Execute(sql));
        $"{refusal.MessageText} {refusal.ConstraintName}".ShouldContain(because);
        (await Ledger.Verify(Store.PoolId)).ShouldBe(new(2, (await Ledger.Verify(Store.PoolId)).HeadHash, null));
    }
}
