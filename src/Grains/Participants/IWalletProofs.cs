using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains.Participants;

/// <summary>A TON Connect proof as the wallet gave it; nothing in it is believed before it is verified.</summary>
/// <param name="Domain">The domain that the wallet showed to its owner.</param>
/// <param name="Payload">The pool's own challenge.</param>
/// <param name="Signature">Ed25519, base64.</param>
/// <param name="StateInit">The wallet contract's code and data, base64; null for a wallet that is deployed.</param>
public sealed record WalletProof(long Timestamp, int DomainLength, string Domain, string Payload, string Signature, string? StateInit);

/// <summary>Verifies who holds a wallet. The chain gateway does it: it has the chain, the wallet codes and Ed25519.</summary>
public interface IWalletProofs
{
    /// <summary>Null when the signature was made by the key of the wallet at this address; otherwise a code that says what is wrong.</summary>
    Task<string?> Refusal(TonAddress address, TonNetwork network, WalletProof proof, CancellationToken cancellationToken = default);
}
