using System.Text.Json;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Grains.Settlement;

// What stands in the way, and who is told.
public sealed partial class SettlementGrain
{
    /// <summary>What would make a signature useless, so that it is not even made: a wallet that the contract does not obey, or too few coins to open the epoch.</summary>
    private async Task<(string Code, string Text)?> Hindrance(SettlementTurn turn, SettlementMessage message, SignerReading signer)
    {
        var distribution = await chain.Distribution();
        if (distribution.Operator is { } obeyed && obeyed != signer.Address)
        {
            return (SettlementTrouble.OperatorReplaced,
                $"The contract obeys {obeyed.ToFriendly()} and the chain gateway signs with {signer.Address.ToFriendly()}; nothing is signed until both are the same.");
        }
        var needed = turn.Settlement.Total + turn.Settlement.Fee + NetworkFees.StorageReserve;
        return message.Index == SettlementMessage.OpenEpoch && distribution.Balance - distribution.Reserved < needed
            ? (SettlementTrouble.Underfunded, $"The contract does not hold enough to open the epoch. {Holdings(turn.Settlement, distribution)}")
            : null;
    }

    private static string Holdings(StoredSettlement settlement, DistributionReading distribution) =>
        $"The contract holds {distribution.Balance.ToTonString()} TON, {distribution.Reserved.ToTonString()} TON of it for open epochs; this epoch needs "
        + $"{(settlement.Total + settlement.Fee).ToTonString()} TON and the storage reserve. Top it up if that is missing; the settlement goes on by itself.";

    /// <summary>Tells log, metrics and webhooks once, as long as the same thing lasts.</summary>
    private async Task Report(SettlementTurn turn, string code, string text)
    {
        Remark(text);
        if (string.Equals(turn.Alert?.Code, code, StringComparison.Ordinal))
            return;
        var since = time.GetUtcNow();
        var type = code == SettlementTrouble.Underfunded ? "settlement_underfunded" : "settlement_stopped";
        await events.Append(PoolId, new(
            $"settlement/{Number}/{code}/{since.ToUnixTimeMilliseconds()}", since, type, null, JsonSerializer.Serialize(new { epoch = Number, code, text }, DomainJson.Told)));
        await store.SetAlert(PoolId, Number, new(code, text, since));
    }

    private async Task Recovered(SettlementTurn turn)
    {
        _trouble = null;
        _retryAt = null;
        if (turn.Alert is not null)
            await store.SetAlert(PoolId, Number, null);
    }

    private void Remark(string trouble)
    {
        if (!string.Equals(_trouble, trouble, StringComparison.Ordinal))
            LogTrouble(Number, trouble);
        _trouble = trouble;
    }
}
