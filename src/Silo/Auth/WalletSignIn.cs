using System.Text;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Silo.Api;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Auth;

/// <summary>Signs participants in by a TON Connect proof of their wallet.</summary>
public sealed class WalletSignIn(
    WalletChallenge challenge, IWalletProofs proofs, SignInGuard guard, AccessTokens tokens, PoolSettings settings, IOptions<AuthOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public object Challenge(TonAddress address)
    {
        var (payload, expires) = challenge.Make(address);
        return new { payload, domain = options.Value.Domains[0], expiresAt = expires };
    }

    /// <exception cref="ApiException">401: the proof is not one of this wallet, for this pool, made now and used for the first time.</exception>
    public async Task<IssuedTokens> SignIn(TonAddress address, WalletProof proof, CancellationToken cancellationToken)
    {
        if (await Refusal(address, proof, cancellationToken) is { } refusal)
            throw new ApiException(401, "unauthorized", $"The wallet's proof is not accepted ({refusal}); ask for a new challenge and sign that.");
        return await tokens.Open(Permissions.ParticipantRole, address.ToString(), options.Value.ParticipantSession, cancellationToken);
    }

    private async Task<string?> Refusal(TonAddress address, WalletProof proof, CancellationToken cancellationToken)
    {
        if (!options.Value.Domains.Contains(proof.Domain, StringComparer.Ordinal) || proof.DomainLength != Encoding.UTF8.GetByteCount(proof.Domain))
            return "other_domain";
        var age = time.GetUtcNow().ToUnixTimeSeconds() - (decimal)proof.Timestamp;
        if (age > (decimal)WalletChallenge.Lifetime.TotalSeconds || age < -(decimal)Skew.TotalSeconds)
            return "out_of_time";
        if (challenge.Read(proof.Payload, address) is not var (nonce, expires))
            return "unknown_challenge";
        if (await proofs.Refusal(address, settings.Network, proof, cancellationToken) is { } refusal)
            return refusal;
        // Used up only now: somebody who overheard the payload cannot spend it without the wallet's signature.
        return await guard.UseChallenge(settings.Id, nonce, expires, cancellationToken) ? null : "replayed";
    }
}
