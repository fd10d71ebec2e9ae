using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Adapters.Postgres.Participants;

// What the watch commands, and what it signed for that.
public sealed partial class PostgresStakeStore
{
    private const string SelectAccounts =
        """
        select participant, logical_time as "LogicalTime", stake, withdrawal, unlocks_at as "UnlocksAt", suspended_until as "SuspendedUntil"
        from stake_accounts where pool_id = @poolId
        """;

    /// <summary>See <see cref="Slash.TakesStake"/>.</summary>
    private const string TakesStake = "amount > 0 and (state in (0, 1) or state = 2 and execution is null)";

    public async Task<(IReadOnlyList<StakeAccountState> Accounts, IReadOnlyList<Slash> Slashes)> Concerned(string poolId, CancellationToken cancellationToken = default)
    {
        var slashes = await database.Query<PostgresSlashStore.Row>($"{PostgresSlashStore.Select} and {TakesStake}", new { poolId }, cancellationToken);
        var accounts = await database.Query<AccountRow>(
            $"""
            {SelectAccounts} and (withdrawal > 0 or suspended_until is not null
                or participant in (select participant from slashes where pool_id = @poolId and {TakesStake}))
            """, new { poolId }, cancellationToken);
        return ([.. accounts.Select(Read)], [.. slashes.Select(PostgresSlashStore.Read)]);
    }

    public async Task<IReadOnlyList<StakeSignature>> Signatures(string poolId, CancellationToken cancellationToken = default) =>
    [
        .. (await database.Query<SignatureRow>(
            """select command_id as "CommandId", boc, message_hash as "MessageHash", seqno, valid_until as "ValidUntil", signer from stake_signatures where pool_id = @poolId""",
            new { poolId }, cancellationToken)).Select(row => new StakeSignature(row.CommandId, row.Boc, row.MessageHash, new LiveSignature(row.Seqno, row.ValidUntil, row.Signer is null ? null : TonAddress.Parse(row.Signer)))),
    ];

    public Task SaveSignature(string poolId, StakeSignature signature, CancellationToken cancellationToken = default) => database.Execute(
        """
        insert into stake_signatures values (@poolId, @CommandId, @Boc, @MessageHash, @Seqno, @ValidUntil, @signer)
        on conflict (pool_id, command_id) do update set boc = excluded.boc, message_hash = excluded.message_hash, seqno = excluded.seqno, valid_until = excluded.valid_until, signer = excluded.signer
        """,
        new { poolId, signature.CommandId, signature.Boc, signature.MessageHash, signature.Signature.Seqno, signature.Signature.ValidUntil, signer = signature.Signature.Signer?.ToString() }, cancellationToken);

    public Task ForgetSignature(string poolId, string commandId, CancellationToken cancellationToken = default) =>
        database.Execute("delete from stake_signatures where pool_id = @poolId and command_id = @commandId", new { poolId, commandId }, cancellationToken);

    private static StakeAccountState Read(AccountRow row) =>
        new(TonAddress.Parse(row.Participant), new(row.Stake), new(row.Withdrawal), row.UnlocksAt?.Utc(), row.SuspendedUntil?.Utc());

    private sealed record AccountRow(string Participant, long LogicalTime, long Stake, long Withdrawal, DateTime? UnlocksAt, DateTime? SuspendedUntil);

    private sealed record SignatureRow(string CommandId, string Boc, string MessageHash, long Seqno, long ValidUntil, string? Signer);
}
