using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Settlement;

public sealed partial class SettlementGrain
{
    [LoggerMessage(1401, LogLevel.Information, "Settlement of epoch {Epoch} planned: {Batches} batches, {Held} entries held, {TotalNanotons} nanoTON")]
    private partial void LogPlanned(EpochNumber epoch, int batches, int held, Nanotons totalNanotons);

    [LoggerMessage(1402, LogLevel.Information, "Epoch {Epoch} message {Index} signed with seqno {Seqno}, valid until {ValidUntil}, hash {MessageHash}")]
    private partial void LogSigned(EpochNumber epoch, int index, long seqno, long validUntil, string messageHash);

    [LoggerMessage(1403, LogLevel.Information, "Epoch {Epoch} message {Index} confirmed by the chain: {Payouts} payouts, {TotalNanotons} nanoTON, transaction {Transaction}")]
    private partial void LogConfirmed(EpochNumber epoch, int index, int payouts, Nanotons totalNanotons, string transaction);

    [LoggerMessage(1404, LogLevel.Information, "Epoch {Epoch} is settled")]
    private partial void LogSettled(EpochNumber epoch);

    [LoggerMessage(1405, LogLevel.Warning, "Settlement of epoch {Epoch} frozen: {Reason}")]
    private partial void LogFrozen(EpochNumber epoch, string reason);

    [LoggerMessage(1406, LogLevel.Error, "Settlement of epoch {Epoch} has trouble: {Trouble}")]
    private partial void LogTrouble(EpochNumber epoch, string trouble);

    [LoggerMessage(1407, LogLevel.Warning, "Epoch {Epoch} batch {Index} is given up for {Batches} others, with {Held} entries held")]
    private partial void LogRegrouped(EpochNumber epoch, int index, int batches, int held);

    [LoggerMessage(1408, LogLevel.Information, "Epoch {Epoch}: {Entries} withheld entries are released for claiming")]
    private partial void LogReleased(EpochNumber epoch, int entries);

    [LoggerMessage(1409, LogLevel.Information, "Epoch {Epoch} entry {Index} was claimed: {AmountNanotons} nanoTON, transaction {Transaction}")]
    private partial void LogClaimed(EpochNumber epoch, int index, Nanotons amountNanotons, string transaction);
}
