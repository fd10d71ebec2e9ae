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

    private static ChainTransaction ReadTransaction(JsonElement transaction)
    {
        var id = transaction.GetProperty("transaction_id");
        var sent = transaction.GetProperty("out_msgs").EnumerateArray().Sum(message => Number(message.GetProperty("value")));
        var incoming = transaction.TryGetProperty("in_msg", out var message) && message.ValueKind == JsonValueKind.Object ? message : default;
        var isThere = incoming.ValueKind == JsonValueKind.Object;
        return new ChainTransaction(
            Convert.ToHexStringLower(Convert.FromBase64String(id.GetProperty("hash").GetString()!)),
            Number(id.GetProperty("lt")),
            isThere && incoming.TryGetProperty("source", out var source) ? source.GetString() ?? "" : "",
            isThere ? Number(incoming.GetProperty("value")) : 0,
            sent,
            Number(transaction.GetProperty("fee")));
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

/// <param name="Source">The sender as the chain shows it; compare with <see cref="RawAddress"/>.</param>
/// <param name="ReceivedNano">What the incoming message carried.</param>
/// <param name="FeeNano">Every fee the account paid in this transaction.</param>
public sealed record ChainTransaction(string Hash, long Lt, string Source, long ReceivedNano, long SentNano, long FeeNano);
