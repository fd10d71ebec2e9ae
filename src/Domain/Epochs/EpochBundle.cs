using System.Security.Cryptography;

namespace CocoonPool.Domain.Epochs;

/// <summary>
/// The published proof of an epoch: everything that is needed to recompute every amount and the Merkle root, in the one
/// canonical form whose SHA-256 is kept in the database and on chain. Immutable once published.
/// </summary>
public static class EpochBundle
{
    /// <summary>From 3 on, balances to be claimed are payable too and stand behind those that are sent.</summary>
    public const string Format = "cocoon-pool-epoch-bundle/3";

    /// <summary>Canonical JSON, see <see cref="CanonicalJsonWriter"/>; the members are those of <see cref="EpochBundleJson"/>.</summary>
    public static byte[] ToCanonicalJson(EpochClose close, EpochResult result) => EpochBundleJson.Write(close, result);

    /// <summary>The same amounts for people: a header and one line for each participant, amounts in nanoTON and in TON.</summary>
    public static string ToCsv(EpochClose close, EpochResult result) => EpochBundleCsv.Write(close, result);

    /// <summary>SHA-256 of the bundle, 32 bytes.</summary>
    public static byte[] Hash(byte[] canonicalJson) => SHA256.HashData(canonicalJson);
}

/// <summary>The payout schedules as the bundle writes them.</summary>
public static class PayoutScheduleWords
{
    public static string ToWord(this PayoutSchedule schedule) => schedule switch
    {
        PayoutSchedule.EveryEpoch => "every_epoch",
        PayoutSchedule.Threshold => "threshold",
        PayoutSchedule.Claim => "claim",
        _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
    };
}
