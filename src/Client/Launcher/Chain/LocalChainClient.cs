using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace CocoonPool.Client.Launcher.Chain;

/// <summary>
/// Reads the local chain by its public HTTP interface only. The independent check depends on this being separate from the pool:
/// nothing here asks the silo, the gateway or the pool's own code.
/// </summary>
public sealed class LocalChainClient(HttpClient http, string chainUrl)
{
    private const int Page = 100;

    public async Task Faucet(string address, long amountNano, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            chainUrl + "/dev/faucet", new { address, amount_nano = amountNano.ToString(CultureInfo.InvariantCulture) }, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new LauncherException($"The faucet refused: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public async Task<long> Balance(string address, CancellationToken cancellationToken)
    {
        var result = await Get($"getAddressBalance?address={Uri.EscapeDataString(address)}", cancellationToken);
        return Number(result);
    }

    /// <summary>The newest transactions of an account, newest first.</summary>
    public async Task<IReadOnlyList<ChainTransaction>> Transactions(string address, CancellationToken cancellationToken)
    {
        var result = await Get($"getTransactions?address={Uri.EscapeDataString(address)}&limit={Page}", cancellationToken);
        return [.. result.EnumerateArray().Select(ReadTransaction)];
    }

    /// <summary>Every transaction of an account, newest first, read page by page.</summary>
    public async Task<IReadOnlyList<ChainTransaction>> AllTransactions(string address, CancellationToken cancellationToken)
    {
        var all = new List<ChainTransaction>();
        while (true)
        {
            // A page begins with the transaction that is named, which the page before has shown.
            var from = all.Count == 0 ? "" : $"&lt={all[^1].Lt}";
            var page = (await Get($"getTransactions?address={Uri.EscapeDataString(address)}&limit={Page}{from}", cancellationToken))
                .EnumerateArray().Select(ReadTransaction).Skip(all.Count == 0 ? 0 : 1).ToList();
            all.AddRange(page);
            if (page.Count == 0)
                return all;
        }
    }

    /// <summary>An epoch as the distribution contract tells it, through its getter.</summary>
    public async Task<ChainEpoch> Epoch(string distribution, long epoch, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            chainUrl + "/api/v2/runGetMethod",
            new { address = distribution, method = "get_epoch", stack = new object[] { new object[] { "num", epoch.ToString(CultureInfo.InvariantCulture) } } },
            cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        if (!response.IsSuccessStatusCode || answer.GetProperty("result") is var result && result.GetProperty("exit_code").GetInt32() != 0)
            throw new LauncherException($"The contract's getter answered {answer}.");
        var stack = result.GetProperty("stack").EnumerateArray().Take(8).Select(item => item[1].GetString()!).ToArray();
        return new(stack[0] != "0x0", Hex(stack[1]), Hex(stack[2]), Hex(stack[3]), stack[6][2..].PadLeft(64, '0'), stack[7][2..].PadLeft(64, '0'));
    }

    private static long Hex(string number) => long.Parse(number.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static ChainTransaction ReadTransaction(JsonElement transaction)
    {
        var id = transaction.GetProperty("transaction_id");
        var outgoing = transaction.GetProperty("out_msgs").EnumerateArray().ToList();
        var incoming = transaction.TryGetProperty("in_msg", out var message) && message.ValueKind == JsonValueKind.Object ? message : default;
        var isThere = incoming.ValueKind == JsonValueKind.Object;
        return new ChainTransaction(
            Convert.ToHexStringLower(Convert.FromBase64String(id.GetProperty("hash").GetString()!)),
            Number(id.GetProperty("lt")),
            isThere && incoming.TryGetProperty("source", out var source) ? source.GetString() ?? "" : "",
            isThere ? Number(incoming.GetProperty("value")) : 0,
            outgoing.Sum(message => Number(message.GetProperty("value"))),
            Number(transaction.GetProperty("fee")),
            [.. outgoing.Select(message => message.GetProperty("destination").GetString()!).Where(destination => destination.Length > 0)]);
    }

    private async Task<JsonElement> Get(string query, CancellationToken cancellationToken)
    {
        var answer = await http.GetFromJsonAsync<JsonElement>($"{chainUrl}/api/v2/{query}", cancellationToken);
        return answer.TryGetProperty("ok", out var ok) && ok.GetBoolean()
            ? answer.GetProperty("result")
            : throw new LauncherException($"The chain answered {answer} to {query}.");
    }

    private static long Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();
}

/// <param name="MerkleRoot">Lower-case hex.</param>
/// <param name="BundleHash">Lower-case hex.</param>
public sealed record ChainEpoch(bool Opened, long TotalNano, long PaidNano, long FeeNano, string MerkleRoot, string BundleHash);

/// <param name="Source">The sender as the chain shows it; compare with <see cref="RawAddress"/>.</param>
/// <param name="ReceivedNano">What the incoming message carried.</param>
/// <param name="FeeNano">Every fee the account paid in this transaction.</param>
/// <param name="Destinations">To whom the account sent, as the chain shows them.</param>
public sealed record ChainTransaction(string Hash, long Lt, string Source, long ReceivedNano, long SentNano, long FeeNano, IReadOnlyList<string> Destinations);
