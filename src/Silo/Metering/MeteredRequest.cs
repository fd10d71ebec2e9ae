using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Routing;

namespace CocoonPool.Silo.Metering;

/// <summary>One request's hold on its client's allowance. It is ended exactly once, whichever way the request ends; a second end does nothing.</summary>
public sealed class MeteredRequest
{
    private readonly ClientAccount _account;
    private readonly string _key;
    private readonly InferenceRequest _request;
    private readonly TokenPrice _price;
    private readonly Nanotons _held;
    private int _ended;

    internal MeteredRequest(ClientAccount account, string key, InferenceRequest request, TokenPrice price, Nanotons held) =>
        (_account, _key, _request, _price, _held) = (account, key, request, price, held);

    /// <summary>It was refused or failed before its first token: it costs nothing and is no usage.</summary>
    public void Void()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _account.Release(_held);
    }

    /// <summary>
    /// The answer ended. A whole one costs what the back end counted, but no more completion tokens than the gateway saw; one that the
    /// client left costs the tokens that had passed and its prompt by <see cref="PromptEstimate"/>, or leaving before the last one would
    /// be free; one that the worker broke off is free, and so is one of which the client saw nothing.
    /// </summary>
    /// <param name="end">How it ended; null when the client left after something had passed.</param>
    /// <param name="seen">Completion tokens that passed the gateway.</param>
    public void Settle(InferenceEnd? end, long seen, int coefficient)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        var tokens = end switch
        {
            null => new TokenCounts(PromptEstimate.Tokens(_request.Facts.TextBytes, _request.Facts.Images), 0, seen, 0),
            { Status: 200, Usage: { } usage } => new TokenCounts(usage.Prompt, usage.Cached, Math.Min(usage.Completion, seen), 0),
            { Status: 200 } => new TokenCounts(0, 0, seen, 0),
            _ => default,
        };
        _account.Settle(_key, _request.Model, _held, _price.Of(tokens, coefficient), tokens, end is null or { Status: 200 });
    }
}
