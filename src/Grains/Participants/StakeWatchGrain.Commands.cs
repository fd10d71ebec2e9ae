using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Participants;

// The operator's commands to stake accounts, by the payouts' protocol: sign, store, send, and sign anew only what can never land. Payouts use the
// same wallet: of two messages with one sequence number one lands, and the other, displaced, is signed anew at the next look.
public sealed partial class StakeWatchGrain
{
    /// <summary>Each refused attempt costs a network fee, so the next waits.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, DateTimeOffset> _retryAt = new(StringComparer.Ordinal);

    /// <summary>Steps follow one another at once as long as each makes progress; otherwise the next look is at the next tick.</summary>
    private async Task Advance()
    {
        while (await Step())
        {
        }
    }

    private async Task<bool> Step()
    {
        var concerned = await stakes.Concerned(PoolId);
        var signatures = await stakes.Signatures(PoolId);
        if (concerned.Accounts.Count == 0 && signatures.Count == 0)
            return false;

        // Wallet first, then contract: an effect can be missed, never imagined.
        var signer = await chain.Signer();
        var now = DateTimeOffset.FromUnixTimeSeconds(signer.ChainTime);
        var wanted = StakeCommand.Wanted(concerned.Accounts, concerned.Slashes, now);
        if (await ForgetUnwanted(signatures, wanted, signer))
            return true;

        // A signature that may be alive comes before any other.
        var order = wanted.OrderByDescending(command => Live(signatures, command, signer)).ToList();
        foreach (var command in order)
        {
            var signature = signatures.FirstOrDefault(s => Is(s, command));
            switch (await Next(command, signature, signer))
            {
                case Progress.Made:
                    return true;
                case Progress.WalletTaken:
                    return false;
            }
        }
        return false;
    }

    private async Task<Progress> Next(StakeCommand command, StakeSignature? signature, SignerReading signer)
    {
        var reading = await stakeChain.Stake(command.Participant, long.MaxValue, 1);
        var isReached = command.IsReached(reading.State, reading.ExecutedSlashes, reading.ChainTime);
        var fate = isReached || signature is null || signer.Seqno <= signature.Signature.Seqno ? null : await Fate(signature);

        // The wallet's block, not the account's later one: between the two the wallet may still have taken a message in time.
        var seen = new ChainReading(
            isReached, ContentMatches: true, signer.Seqno, Math.Min(signer.ChainTime, reading.ChainTime.ToUnixTimeSeconds()), fate?.Refused ?? false,
            Displaced: fate is { Unknown: true } && fate.SignerSeqno > signature?.Signature.Seqno, signer.Address);
        switch (PayoutProtocol.Next(signature?.Signature, seen))
        {
            case PayoutStep.Confirm:
                return await Confirm(command, signature);
            case PayoutStep.Sign:
                return await Sign(command, signer);
            case PayoutStep.Broadcast:
                await chain.Broadcast(signature!.Boc);
                return Progress.WalletTaken;
            case PayoutStep.Failed:
                Report($"The chain did not carry out {command.Kind} for {command.Participant} ({command.Id}): {fate?.Reason ?? "the cause is not known"}. It is tried again.");
                return await Retry(command, signer);
            default:
                return Progress.None;
        }
    }

    /// <summary>The books follow the account's own transactions; that the aim is reached is only the reason to read them.</summary>
    private async Task<Progress> Confirm(StakeCommand command, StakeSignature? signature)
    {
        await Follow(command.Participant);
        _retryAt.Remove(command.Id);
        if (signature is null)
            return Progress.None;
        await stakes.ForgetSignature(PoolId, command.Id);
        LogDone(command.Kind, command.Participant, command.Id);
        return Progress.Made;
    }

    private async Task<Progress> Sign(StakeCommand command, SignerReading signer)
    {
        if (_retryAt.TryGetValue(command.Id, out var at) && time.GetUtcNow() < at)
            return Progress.None;
        var live = new LiveSignature(signer.Seqno, signer.ChainTime + settings.SignatureLifetimeSeconds, signer.Address);
        var until = DateTimeOffset.FromUnixTimeSeconds(signer.ChainTime) + StakeCommand.Suspension;
        SignedMessage signed;
        try
        {
            signed = await stakeChain.SignStakeCommand(command, until, live.Seqno, live.ValidUntil);
        }
        catch (ChainGatewayException refused) when (refused.Code is not "unreachable")
        {
            // The signing policy says no to this one, perhaps only for today; the others go on.
            Report($"{command.Kind} for {command.Participant} ({command.Id}) is not signed: {refused.Message}");
            _retryAt[command.Id] = time.GetUtcNow() + RetryDelay;
            return Progress.None;
        }
        _retryAt.Remove(command.Id);
        await journal.Write(PoolId, new(
            $"stake/{command.Id}/signed/{signed.Hash}", "stake_command_signed", $"{command.Participant}", time.GetUtcNow(),
            JsonSerializer.Serialize(new { command.Kind, amountNano = command.Amount, live.Seqno, signed.Hash }, DomainJson.Options)));
        await stakes.SaveSignature(PoolId, new(command.Id, signed.Boc, signed.Hash, live));
        LogSigned(command.Kind, command.Participant, command.Id, live.Seqno, signed.Hash);
        return Progress.Made;
    }

    private Task<Progress> Retry(StakeCommand command, SignerReading signer)
    {
        _retryAt.TryAdd(command.Id, time.GetUtcNow() + RetryDelay);
        return Sign(command, signer);
    }

    /// <summary>The answer only saves time; without one the deadline decides.</summary>
    private async Task<MessageFate?> Fate(StakeSignature signature)
    {
        try
        {
            return await chain.Message(signature.MessageHash);
        }
        catch (ChainGatewayException)
        {
            return null;
        }
    }

    /// <summary>Signatures whose aim was reached otherwise are kept while they may still land, and then forgotten.</summary>
    private async Task<bool> ForgetUnwanted(IReadOnlyList<StakeSignature> signatures, IReadOnlyList<StakeCommand> wanted, SignerReading signer)
    {
        var dead = signatures.FirstOrDefault(s => !wanted.Any(command => Is(s, command)) && signer.ChainTime > s.Signature.ValidUntil + PayoutProtocol.DeliverySeconds);
        if (dead is null)
            return false;
        await stakes.ForgetSignature(PoolId, dead.CommandId);
        return true;
    }

    private static bool Is(StakeSignature signature, StakeCommand command) => string.Equals(signature.CommandId, command.Id, StringComparison.Ordinal);

    private static bool Live(IReadOnlyList<StakeSignature> signatures, StakeCommand command, SignerReading signer) =>
        signatures.Any(s => Is(s, command) && s.Signature.Seqno >= signer.Seqno && s.Signature.ValidUntil >= signer.ChainTime);

    private enum Progress
    {
        None,

        /// <summary>Something was written; look again at once.</summary>
        Made,

        /// <summary>A message is on its way to the wallet; nothing else is signed before it has landed or died.</summary>
        WalletTaken,
    }
}
