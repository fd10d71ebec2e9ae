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
                network = network.ToString().ToLowerInvariant(),
                domain = proof.Domain,
                proof = new
                {
                    timestamp = proof.Timestamp,
                    domain = new { lengthBytes = proof.DomainLength, value = proof.Domain },
                    signature = proof.Signature,
                    payload = proof.Payload,
                },
                state_init = proof.StateInit,
            }, cancellationToken);
            return answer.Verified ? null : answer.Reason ?? "not_verified";
        }
        catch (ChainGatewayException problem) when (problem.Code is "invalid_request")
        {
            // What the wallet sent cannot even be read: that is the caller's mistake, and not the gateway's.
            return "malformed_proof";
        }
    }

    private sealed record ProofAnswer(bool Verified, string? Reason);
}
