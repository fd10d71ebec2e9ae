using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Adapters.Ton;

/// <summary>The part of the gateway that knows wallets.</summary>
public sealed partial class ChainGatewayClient : IWalletProofs
{
    public async Task<string?> Refusal(TonAddress address, TonNetwork network, WalletProof proof, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await Post<ProofAnswer>("v1/verify/ton-proof", new
            {
                address = address.ToString(),
                // TON Connect's numbers; the local chain calls itself mainnet, because wallets' addresses depend on the number.
                network = network == TonNetwork.Testnet ? "-3" : "-239",
                expected_domain = proof.Domain,
                expected_payload = proof.Payload,
                proof = new
                {
                    timestamp = proof.Timestamp,
                    // TON Connect's own spelling, which this client's naming would change.
                    domain = new Dictionary<string, object>(StringComparer.Ordinal) { ["lengthBytes"] = proof.DomainLength, ["value"] = proof.Domain },
                    signature = proof.Signature,
                    payload = proof.Payload,
                },
                state_init = proof.StateInit,
            }, cancellationToken);
            return answer.Valid ? null : answer.Reason ?? "not_verified";
        }
        catch (ChainGatewayException problem) when (problem.Code is "invalid_request")
        {
            // What the wallet sent cannot even be read: that is the caller's mistake, and not the gateway's.
            return "malformed_proof";
        }
    }

    private sealed record ProofAnswer(bool Valid, string? Reason);
}
