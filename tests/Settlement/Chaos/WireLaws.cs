using System.Text.Json;
using CocoonPool.Settlement.Tests.Host;

namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>
/// The laws of the payout protocol that can be seen on the wire: nothing is sent that is not stored, and no message is sent while an earlier
/// one with the same effect may still land. The contract would forgive a breach; the protocol must not need that.
/// </summary>
public sealed class WireLaws(PoolData data)
{
    private readonly Lock _lock = new();
    private readonly List<string> _objections = [];
    private readonly Dictionary<string, Signed> _signed = new(StringComparer.Ordinal);
    private readonly List<Signed> _sent = [];
    private long _chainTime;

    public IReadOnlyList<string> Objections
    {
        get
        {
            lock (_lock)
                return [.. _objections];
        }
    }

    /// <summary>The silo has a reading of the chain, and with it of its time.</summary>
    public void Read(JsonElement answer)
    {
        if (!answer.TryGetProperty("chain_time", out var time))
            return;
        lock (_lock)
            _chainTime = Math.Max(_chainTime, time.GetInt64());
    }

    /// <summary>The gateway has signed what was asked for.</summary>
    public void Sign(JsonElement request, JsonElement answer)
    {
        if (!answer.TryGetProperty("boc", out var boc) || !request.TryGetProperty("epoch", out var epoch))
            return;
        var what = $"epoch {epoch} {(request.TryGetProperty("batch", out var batch) ? $"batch {batch}" : "opening")}";
        lock (_lock)
            _signed[boc.GetString()!] = new(what, boc.GetString()!, request.GetProperty("seqno").GetInt64(), request.GetProperty("valid_until").GetInt64());
    }

    /// <summary>The silo sends these bytes.</summary>
    public async Task Send(string boc)
    {
        var stored = await data.HasStored(boc);
        lock (_lock)
        {
            if (!stored)
                _objections.Add("bytes were sent that are not stored");
            if (!_signed.TryGetValue(boc, out var signed) || _sent.Contains(signed))
                return;
            // With another number the first one is dead, because the wallet has moved on: nobody can sign for a later number before that.
            if (_sent.Find(earlier => earlier.What == signed.What && earlier.Seqno == signed.Seqno && earlier.ValidUntil >= _chainTime) is { } alive)
                _objections.Add($"two live signatures for {signed.What}: the first may land until {alive.ValidUntil}, and the chain was last seen at {_chainTime}");
            _sent.Add(signed);
        }
    }

    private sealed record Signed(string What, string Boc, long Seqno, long ValidUntil);
}
