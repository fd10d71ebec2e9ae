using System.Globalization;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Adapters.Ton;

/// <summary>The part of the gateway that knows stake accounts.</summary>
public sealed partial class ChainGatewayClient : IStakeChain, IStakeMessages
{
    public async Task<StakeReading> Stake(TonAddress participant, long afterLogicalTime, int limit, CancellationToken cancellationToken = default)
    {
        var answer = await Get<StakeAnswer>(string.Create(CultureInfo.InvariantCulture, $"v1/stakes/{participant}/movements?after_lt={afterLogicalTime}&limit={limit}"), cancellationToken);
        return new(
            new(participant, Amount(answer.StakeNano), Amount(answer.WithdrawalNano), Moment(answer.UnlocksAt), Moment(answer.SuspendedUntil)),
            [.. answer.Slashes.Select(slash => ulong.Parse(slash.SlashId, CultureInfo.InvariantCulture))],
            DateTimeOffset.FromUnixTimeSeconds(answer.ChainTime),
            [.. answer.Movements.Select(Movement)],
            long.Parse(answer.ReadToLt, CultureInfo.InvariantCulture),
            answer.IsAll);
    }

    public Task<SignedMessage> SignStakeCommand(StakeCommand command, DateTimeOffset suspendedUntil, long seqno, long validUntil, CancellationToken cancellationToken = default)
    {
        var participant = command.Participant.ToString();
        return command.Kind switch
        {
            StakeCommandKind.Suspend => Post<SignedMessage>("v1/sign/suspend", new { participant, until = suspendedUntil.ToUnixTimeSeconds(), seqno, validUntil }, cancellationToken),
            StakeCommandKind.Release => Post<SignedMessage>("v1/sign/suspend", new { participant, until = 0, seqno, validUntil }, cancellationToken),
            StakeCommandKind.Slash => Post<SignedMessage>("v1/sign/slash", new
            {
                participant,
                slashId = command.Slash!.NumberOnChain.ToString(CultureInfo.InvariantCulture),
                amountNano = command.Amount.ToString(),
                seqno,
                validUntil,
            }, cancellationToken),
            StakeCommandKind.Complete => Post<SignedMessage>("v1/sign/complete-withdrawal", new { participant, seqno, validUntil }, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
    }

    public async Task<StakeMessages> Prepare(TonAddress participant, Nanotons? amount, CancellationToken cancellationToken = default)
    {
        var answer = await Get<StakeMessagesAnswer>($"v1/stakes/{participant}/messages{(amount is { } nano ? $"?amount_nano={nano}" : "")}", cancellationToken);
        return new(
            TonAddress.Parse(answer.Registry), TonAddress.Parse(answer.StakeAccount), answer.Registered, Amount(answer.StakeNano), Amount(answer.MinimumStakeNano),
            answer.WithdrawalDelaySeconds, Amount(answer.AmountNano),
            [.. answer.Messages.Select(message => new PreparedMessage(message.Action, TonAddress.Parse(message.To), Amount(message.ValueNano), message.BodyBoc))]);
    }

    private static StakeMovement Movement(MovementAnswer movement) => new(
        long.Parse(movement.Lt, CultureInfo.InvariantCulture),
        movement.TxHash,
        movement.Kind switch
        {
            "deposited" => StakeMovementKind.Deposited,
            "withdrawal_requested" => StakeMovementKind.WithdrawalRequested,
            "withdrawal_cancelled" => StakeMovementKind.WithdrawalCancelled,
            "withdrawn" => StakeMovementKind.Withdrawn,
            "slashed" => StakeMovementKind.Slashed,
            _ => throw new ChainGatewayException("malformed", $"'{movement.Kind}' is no movement of a stake."),
        },
        Amount(movement.AmountNano),
        movement.SlashId is null ? null : ulong.Parse(movement.SlashId, CultureInfo.InvariantCulture),
        DateTimeOffset.FromUnixTimeSeconds(movement.Utime));

    private static DateTimeOffset? Moment(long seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);

    private sealed record StakeAnswer(
        string StakeNano, string WithdrawalNano, long UnlocksAt, long SuspendedUntil, ExecutedSlash[] Slashes, long ChainTime, MovementAnswer[] Movements, bool IsAll, string ReadToLt);

    private sealed record StakeMessagesAnswer(
        string Registry, string StakeAccount, bool Registered, string StakeNano, string MinimumStakeNano, long WithdrawalDelaySeconds, string AmountNano, MessageToSend[] Messages);

    private sealed record MessageToSend(string Action, string To, string ValueNano, string BodyBoc);

    private sealed record ExecutedSlash(string SlashId);

    private sealed record MovementAnswer(string Lt, string TxHash, string Kind, string AmountNano, string? SlashId, long Utime);
}
