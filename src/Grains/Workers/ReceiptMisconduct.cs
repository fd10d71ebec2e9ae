using System.Security.Cryptography;
using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Grains.Workers;

/// <summary>Receipts that their own signature convicts, as reports.</summary>
internal static class ReceiptMisconduct
{
    /// <summary>The worker signed two different receipts for one assignment.</summary>
    /// <param name="recorded">The one that the pool has; it can be looked at as any receipt.</param>
    public static MisconductReport Conflict(Contribution sent, RecordedReceipt recorded) => Report(
        "receipt-conflict", sent,
        $"Worker {sent.Receipt.Worker} signed two receipts for task {recorded.Task}: the one that is recorded, and another one with SHA-256 {Convert.ToHexStringLower(SHA256.HashData(sent.Canonical))}.");

    /// <summary>The worker claims more tokens than the answer that the gateway handed on can have had.</summary>
    public static MisconductReport Overstated(Contribution sent, long seenTokens) => Report(
        "receipt-overstated", sent,
        $"Worker {sent.Receipt.Worker} claims {sent.Receipt.Tokens.Completion} completion tokens for task {sent.Receipt.TaskId}; the gateway handed on {seenTokens}.");

    private static MisconductReport Report(string kind, Contribution sent, string evidence) => new(
        $"{kind}/{sent.Receipt.TaskId}", sent.Receipt.Participant, sent.Receipt.Worker, SlashOffence.ForgedReceipt, evidence,
        JsonSerializer.Serialize(
            new { receipt = sent.Canonical, batch_root = sent.BatchRoot, batch_signature = sent.BatchSignature, inclusion_proof = sent.InclusionProof }, DomainJson.Options),
        sent.ArrivedAt);
}
