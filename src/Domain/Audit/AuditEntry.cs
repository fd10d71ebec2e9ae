using System.Security.Cryptography;

namespace CocoonPool.Domain.Audit;

/// <summary>One thing that somebody did, or tried to do. Never holds prompts, answers, keys, tokens or passwords.</summary>
/// <param name="Actor">The account, participant address, client name or key label; <c>anonymous</c> when nobody signed in.</param>
/// <param name="Action">What was done, such as <c>sign_in</c> or <c>POST /api/v1/pool/pause</c>.</param>
/// <param name="Object">What it was done to, such as an account's name.</param>
/// <param name="Source">The network address that it came from.</param>
/// <param name="Before">State before it as JSON; null when there was none or it is not known.</param>
/// <param name="After">State after it as JSON.</param>
public sealed record AuditEntry(
    DateTimeOffset At, string Actor, string Role, string Action, string Object, string Source, bool Success, string RequestId,
    string? Before = null, string? After = null);

/// <param name="Sequence">1, 2, 3 … within the pool, without a gap.</param>
/// <param name="Hash">Covers the entry, its sequence and the hash before.</param>
public sealed record ChainedAuditEntry(long Sequence, AuditEntry Entry, byte[] PreviousHash, byte[] Hash);

/// <summary>
/// Hash chain over the audit log: SHA-256(previous hash ‖ canonical JSON of sequence and entry). Whoever changes, removes or inserts
/// a line has to recompute every later one, and the head that auditors wrote down no longer fits.
/// </summary>
public static class AuditChain
{
    /// <summary>What the first line builds on.</summary>
    public static readonly byte[] Genesis = new byte[32];

    public static byte[] Next(byte[] previous, long sequence, AuditEntry entry)
    {
        var json = new CanonicalJsonWriter().StartObject();
        json.Name("action").Text(entry.Action);
        json.Name("actor").Text(entry.Actor);
        Optional("after", entry.After);
        json.Name("at_unix_ms").Number(entry.At.ToUnixTimeMilliseconds());
        Optional("before", entry.Before);
        json.Name("object").Text(entry.Object);
        json.Name("request_id").Text(entry.RequestId);
        json.Name("role").Text(entry.Role);
        json.Name("sequence").Number(sequence);
        json.Name("source").Text(entry.Source);
        json.Name("success").Boolean(entry.Success);
        return SHA256.HashData([.. previous, .. json.EndObject().ToArray()]);

        void Optional(string name, string? value)
        {
            json.Name(name);
            _ = value is null ? json.Null() : json.Text(value);
        }
    }

    /// <summary>The first line that does not follow from the ones before it, in words; null when all do.</summary>
    /// <param name="sequence">The sequence of the last line that was checked; moved on.</param>
    /// <param name="head">Its hash; moved on.</param>
    public static string? Check(IEnumerable<ChainedAuditEntry> lines, ref long sequence, ref byte[] head)
    {
        foreach (var line in lines)
        {
            if (line.Sequence != sequence + 1)
                return $"After line {sequence} comes line {line.Sequence}: lines in between are missing.";
            if (!line.PreviousHash.AsSpan().SequenceEqual(head))
                return $"Line {line.Sequence} does not build on line {sequence}.";
            if (!line.Hash.AsSpan().SequenceEqual(Next(head, line.Sequence, line.Entry)))
                return $"Line {line.Sequence} was changed after it was written.";
            (sequence, head) = (line.Sequence, line.Hash);
        }
        return null;
    }
}
