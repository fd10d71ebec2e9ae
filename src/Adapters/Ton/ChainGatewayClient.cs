using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Adapters.Ton;

/// <summary>The chain gateway over HTTP. One instance per host; the client carries address and token.</summary>
public sealed partial class ChainGatewayClient(HttpClient http) : IChainGateway
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<SignerReading> Signer(CancellationToken cancellationToken = default)
    {
        var answer = await Get<SignerAnswer>("v1/signer", cancellationToken);
        return new(TonAddress.Parse(answer.Address), answer.Seqno, Amount(answer.BalanceNano), answer.ChainTime, answer.McSeqno);
    }

    public Task<SignedMessage> SignOpenEpoch(OpenEpochMessage message, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Post<SignedMessage>("v1/sign/open-epoch", new
        {
            epoch = message.Epoch.Value,
            total_nano = message.Total.ToString(),
            fee_nano = message.Fee.ToString(),
            count = message.Count,
            claim_from = message.ClaimFrom ?? message.Count,
            merkle_root = Convert.ToHexStringLower(message.MerkleRoot),
            bundle_hash = Convert.ToHexStringLower(message.BundleHash),
            seqno,
            valid_until = validUntil,
        }, cancellationToken);

    public Task<SignedMessage> SignPayBatch(
        EpochNumber epoch, int batch, IReadOnlyList<Payout> entries, byte[] listHash, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Post<SignedMessage>("v1/sign/pay-batch", new
        {
            epoch = epoch.Value,
            batch,
            entries = entries.Select(e => new { address = e.To.ToString(), amount_nano = e.Amount.ToString(), index = e.Index }),
            list_hash = Convert.ToHexStringLower(listHash),
            seqno,
            valid_until = validUntil,
        }, cancellationToken);

    public Task<SignedMessage> SignReleaseClaims(EpochNumber epoch, IReadOnlyList<int> indexes, long seqno, long validUntil, CancellationToken cancellationToken = default) =>
        Post<SignedMessage>("v1/sign/release-claims", new { epoch = epoch.Value, indexes, seqno, valid_until = validUntil }, cancellationToken);

    public async Task<(bool Accepted, string? Reason)> Broadcast(string boc, CancellationToken cancellationToken = default)
    {
        var answer = await Post<BroadcastAnswer>("v1/broadcast", new { boc }, cancellationToken);
        return (answer.Accepted, answer.Reason);
    }

    public async Task<MessageFate> Message(string hash, CancellationToken cancellationToken = default)
    {
        var answer = await Get<MessageAnswer>($"v1/messages/{hash}", cancellationToken);
        return new(answer.State is "refused" or "not_sent", answer.Reason, answer.ExitCode, answer.State is "not_landed", answer.SignerSeqno);
    }

    public async Task<EpochOnChain> Epoch(EpochNumber epoch, CancellationToken cancellationToken = default)
    {
        var answer = await Get<EpochAnswer>($"v1/distribution/epochs/{epoch}", cancellationToken);
        return new(answer.ChainTime, answer.Opened, Amount(answer.TotalNano), Amount(answer.FeeNano), Hash(answer.MerkleRoot), Hash(answer.BundleHash),
            [.. answer.Batches.Select(b => new BatchOnChain(b.Index, Hash(b.ListHash), b.TxHash, b.FeeNano is null ? null : Amount(b.FeeNano)))])
        {
            ClaimFrom = answer.Opened ? answer.ClaimFrom : null,
            Released = answer.Released,
            Claimed = [.. answer.Claims.Select(c => new ClaimOnChain(c.Index, c.TxHash))],
            Forgotten = answer.Pruned,
            Opening = answer.Opening is { } opening ? new(opening.TxHash, Amount(opening.FeeNano)) : null,
        };
    }

    public async Task<DistributionReading> Distribution(CancellationToken cancellationToken = default)
    {
        var answer = await Get<DistributionAnswer>("v1/distribution", cancellationToken);
        return new(TonAddress.Parse(answer.Address), Amount(answer.BalanceNano), Amount(answer.ReservedNano), TonAddress.Parse(answer.Operator));
    }

    public async Task<IReadOnlyList<IncomingPayment>> Incoming(TonAddress address, long afterLogicalTime, int limit, CancellationToken cancellationToken = default)
    {
        var answer = await Get<IncomingAnswer>(string.Create(CultureInfo.InvariantCulture, $"v1/accounts/{address}/incoming?after_lt={afterLogicalTime}&limit={limit}"), cancellationToken);
        return [.. answer.Payments.Select(p => new IncomingPayment(
            long.Parse(p.Lt, CultureInfo.InvariantCulture), p.TxHash, TonAddress.Parse(p.From), TonAddress.Parse(p.To), Amount(p.AmountNano), p.Comment, p.Aborted,
            DateTimeOffset.FromUnixTimeSeconds(p.Utime), Vault(p)))];
    }

    public async Task<ClaimMessage> PrepareClaim(EpochNumber epoch, Payable entry, IReadOnlyList<MerkleStep> proof, CancellationToken cancellationToken = default)
    {
        var answer = await Post<ClaimMessageAnswer>("v1/claims", new
        {
            epoch = epoch.Value,
            index = entry.Index,
            address = entry.PayoutAddress.ToString(),
            amount_nano = entry.Amount.ToString(),
            path = proof.Select(step => new { hash = Convert.ToHexStringLower(step.Sibling), side = step.SiblingIsLeft ? "left" : "right" }),
        }, cancellationToken);
        return new(TonAddress.Parse(answer.To), Amount(answer.ValueNano), answer.Body, answer.Payable, answer.Reason);
    }

    public async Task<ChainHealth> Health(CancellationToken cancellationToken = default)
    {
        var answer = await Get<HealthAnswer>("health", cancellationToken);
        return new(answer.Ok, answer.LagSeconds, Amount(answer.Signer.BalanceNano));
    }

    private static VaultPayment? Vault(PaymentAnswer payment) => payment is { VaultProven: true, Worker: { } worker, PaidBy: { } paidBy }
        ? new(worker, payment.QueryId is { } query ? ulong.Parse(query, CultureInfo.InvariantCulture) : 0, payment.CocoonPayout ?? false, TonAddress.Parse(paidBy))
        : null;

    private async Task<T> Get<T>(string path, CancellationToken cancellationToken) =>
        await Read<T>(await Send(() => http.GetAsync(path, cancellationToken)), cancellationToken);

    private async Task<T> Post<T>(string path, object body, CancellationToken cancellationToken) =>
        await Read<T>(await Send(() => http.PostAsJsonAsync(path, body, Json, cancellationToken)), cancellationToken);

    private static async Task<HttpResponseMessage> Send(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            throw new ChainGatewayException("unreachable", $"The chain gateway does not answer: {problem.Message}", problem);
        }
    }

    private static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.IsSuccessStatusCode)
                return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken) ?? throw new ChainGatewayException("malformed", "The chain gateway answered nothing.");
            try
            {
                var error = (await response.Content.ReadFromJsonAsync<ErrorAnswer>(Json, cancellationToken))?.Error;
                throw new ChainGatewayException(error?.Code ?? "malformed", error?.Message ?? $"The chain gateway answered {(int)response.StatusCode}.")
                {
                    RefusedEntries = (error?.Entries ?? []).ToDictionary(e => e.Position, e => e.Reason),
                };
            }
            catch (JsonException problem)
            {
                throw new ChainGatewayException("malformed", $"The chain gateway answered {(int)response.StatusCode} without an error in words.", problem);
            }
        }
    }

    private static Nanotons Amount(string text) => Nanotons.TryParse(text, out var amount) ? amount : throw new ChainGatewayException("malformed", $"'{text}' is no amount.");

    private static byte[] Hash(string? hex) => string.IsNullOrEmpty(hex) ? new byte[32] : Convert.FromHexString(hex);

    private sealed record SignerAnswer(string Address, long Seqno, string BalanceNano, long ChainTime, long McSeqno);

    private sealed record BroadcastAnswer(bool Accepted, string? Hash, string? Reason);

    private sealed record MessageAnswer(string State, string? Reason, int? ExitCode, long SignerSeqno);

    private sealed record EpochAnswer(long ChainTime, bool Opened, string TotalNano, string FeeNano, string? MerkleRoot, string? BundleHash, BatchAnswer[] Batches,
        int ClaimFrom, int[] Released, ClaimAnswer[] Claims, bool Pruned, CommandAnswer? Opening);

    private sealed record CommandAnswer(string TxHash, string FeeNano);

    private sealed record ClaimAnswer(int Index, string? TxHash);

    private sealed record BatchAnswer(int Index, string ListHash, string? TxHash, string? FeeNano);

    private sealed record ClaimMessageAnswer(string To, string ValueNano, string Body, bool Payable, string? Reason);

    private sealed record DistributionAnswer(string Address, string BalanceNano, string ReservedNano, string Operator);

    private sealed record IncomingAnswer(PaymentAnswer[] Payments);

    private sealed record PaymentAnswer(string Lt, string TxHash, string From, string To, string AmountNano, string? Comment, bool Aborted, long Utime, bool VaultProven, string? Worker, string? QueryId, bool? CocoonPayout, string? PaidBy);

    private sealed record HealthAnswer(bool Ok, long LagSeconds, HealthSigner Signer);

    private sealed record HealthSigner(string BalanceNano);

    private sealed record ErrorAnswer(ErrorBody Error);

    private sealed record ErrorBody(string Code, string Message, RefusedEntry[]? Entries);

    private sealed record RefusedEntry(int Position, string Reason);
}
