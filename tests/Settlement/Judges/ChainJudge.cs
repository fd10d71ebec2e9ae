using System.Globalization;
using System.Text.Json;
using CocoonPool.TestKit.Ton;

namespace CocoonPool.Settlement.Tests.Judges;

/// <summary>
/// Reads from the chain's public interface who was really paid: every message that the contract sent, and what every wallet holds.
/// Neither the silo nor the gateway is asked, and none of their code is used.
/// </summary>
public sealed class ChainJudge(LocalTon ton) : IDisposable
{
    private const int Page = 20;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly Dictionary<string, long> _everPaid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _timesPaid = new(StringComparer.Ordinal);
    private long _seenLt;

    /// <summary>What is wrong with the payments of these wallets, in words; empty when each has exactly its share.</summary>
    /// <param name="shares">What each wallet is to have received, in nanoTON; wallets that nobody used before.</param>
    public async Task<IReadOnlyList<string>> Objections(IReadOnlyDictionary<string, long> shares)
    {
        await ReadPayments();
        var objections = Compare(shares);
        if (objections.Count == 0)
            objections.AddRange(await Arrived(shares));
        return objections;
    }

    /// <summary>The same for all payments that there ever were, by the messages alone.</summary>
    public async Task<IReadOnlyList<string>> AllObjections(IReadOnlyDictionary<string, long> shares)
    {
        await ReadPayments();
        var objections = Compare(shares);
        objections.AddRange(_everPaid.Keys.Where(wallet => !shares.ContainsKey(wallet)).Select(wallet => $"{wallet} was paid {_everPaid[wallet]} and is nobody's"));
        return objections;
    }

    public void Dispose() => _http.Dispose();

    private List<string> Compare(IReadOnlyDictionary<string, long> shares)
    {
        var objections = new List<string>();
        foreach (var (wallet, share) in shares)
        {
            if (!_timesPaid.TryGetValue(wallet, out var times))
                objections.Add($"missing: {wallet} was to get {share} and got nothing");
            else if (times > 1)
                objections.Add($"double: {wallet} was to get {share} and was paid {times} times, {_everPaid[wallet]} in all");
            else if (_everPaid[wallet] != share)
                objections.Add($"wrong: {wallet} was to get {share} and got {_everPaid[wallet]}");
        }

        return objections;
    }

    /// <summary>A message that was sent arrives a block later; then every wallet holds exactly its share.</summary>
    private async Task<IEnumerable<string>> Arrived(IReadOnlyDictionary<string, long> shares)
    {
        for (var look = 0; ; look++)
        {
            var wallets = shares.Keys.ToArray();
            var balances = (await ton.Dev("balances", new { addresses = wallets })).GetProperty("balances_nano").EnumerateArray().Select(Number).ToArray();
            var wrong = wallets.Zip(balances).Where(w => w.Second != shares[w.First]).ToList();
            if (wrong.Count == 0 || look == 100)
                return wrong.Select(w => $"balance: {w.First} was to hold {shares[w.First]} and holds {w.Second}");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Every message that the contract has sent since the last look, but for what goes back to the operator's own wallet.</summary>
    private async Task ReadPayments()
    {
        var newest = _seenLt;
        var from = "";
        while (true)
        {
            var url = $"{ton.Chain.Url}/api/v2/getTransactions?address={ton.Distribution}&limit={Page}&to_lt={_seenLt}{from}";
            using var answer = JsonDocument.Parse(await _http.GetStringAsync(url));
            var page = answer.RootElement.GetProperty("result").EnumerateArray().ToList();
            foreach (var transaction in from.Length > 0 ? page.Skip(1) : page)
            {
                newest = Math.Max(newest, Number(transaction.GetProperty("transaction_id").GetProperty("lt")));
                foreach (var message in transaction.GetProperty("out_msgs").EnumerateArray())
                    Count(message.GetProperty("destination").GetString()!, Number(message.GetProperty("value")));
            }
            if (page.Count < Page)
                break;
            var last = page[^1].GetProperty("transaction_id");
            from = $"&lt={last.GetProperty("lt").GetString()}&hash={Uri.EscapeDataString(last.GetProperty("hash").GetString()!)}";
        }

        _seenLt = newest;
    }

    private void Count(string wallet, long nano)
    {
        if (wallet.Length == 0 || string.Equals(wallet, ton.OperatorWallet, StringComparison.Ordinal))
            return;
        _everPaid[wallet] = _everPaid.GetValueOrDefault(wallet) + nano;
        _timesPaid[wallet] = _timesPaid.GetValueOrDefault(wallet) + 1;
    }

    private static long Number(JsonElement value) => long.Parse(value.GetString()!, CultureInfo.InvariantCulture);
}
