using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;
using CocoonPool.Domain.Routing;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Routing;

/// <summary>How requests find workers. Section <c>Inference</c>; what a model does not say of itself is taken from here.</summary>
public sealed class InferenceOptions
{
    /// <summary>One of the routing policies' names.</summary>
    public string Policy { get; set; } = RoutingPolicies.Default;

    /// <summary>Requests of one model that may wait at once. 0..100000.</summary>
    public int QueueCapacity { get; set; } = 256;

    /// <summary>Bytes of the bodies that wait for one model together. 1 MiB..4 GiB, default 64 MiB.</summary>
    public long QueueBytes { get; set; } = 64L << 20;

    /// <summary>How long a request waits for a slot, unless it names a deadline of its own. 0..10 minutes.</summary>
    public TimeSpan QueueTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much older a request has to be to go before one of the next priority. 10 ms..10 minutes.</summary>
    public TimeSpan AgeingStep { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a worker may take to its first token. 1 s..1 hour.</summary>
    public TimeSpan FirstTokenTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a worker may be silent inside an answer. 1 s..1 hour.</summary>
    public TimeSpan SilentTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a client may take nothing of what it is sent before it is cut off. 1 s..1 hour.</summary>
    public TimeSpan ReaderTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Other workers that are tried after the first, before the first token. 0..2.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>The share of requests that may be retried or hedged, in percent. 0..100.</summary>
    public int RetryPercent { get; set; } = 20;

    /// <summary>Asks a second worker when the first has no token after the model's 95th percentile.</summary>
    public bool Hedge { get; set; }

    /// <summary>What is said of single models.</summary>
    public IList<ModelOptions> Models { get; init; } = [];
}

/// <summary>What differs for one model. Null: as the section says.</summary>
public sealed class ModelOptions
{
    /// <summary>As workers and clients call it.</summary>
    public string Name { get; set; } = "";

    public string? Policy { get; set; }

    public int? QueueCapacity { get; set; }

    public bool? Hedge { get; set; }

    /// <summary>Workers with less memory are left out. In GB.</summary>
    public int MinVramGb { get; set; }

    /// <summary>NanoTON per million prompt tokens at coefficient 1.0; 0 is free.</summary>
    public long PromptPriceNano { get; set; }

    /// <summary>NanoTON per million cached prompt tokens; as the prompt price when it is not given.</summary>
    public long? CachedPriceNano { get; set; }

    /// <summary>NanoTON per million completion tokens.</summary>
    public long CompletionPriceNano { get; set; }
}

/// <summary>A model's settings as requests use them.</summary>
public sealed record ModelTerms(IRoutingPolicy Policy, int QueueCapacity, bool Hedge, int MinVramGb, TokenPrice Price)
{
    public static ModelTerms Of(InferenceOptions options, string model)
    {
        var own = options.Models.FirstOrDefault(m => string.Equals(m.Name, model, StringComparison.Ordinal)) ?? new();
        return new(
            RoutingPolicies.Find(own.Policy ?? options.Policy)!,
            own.QueueCapacity ?? options.QueueCapacity,
            own.Hedge ?? options.Hedge,
            own.MinVramGb,
            new TokenPrice(new(own.PromptPriceNano), new(own.CachedPriceNano ?? own.PromptPriceNano), new(own.CompletionPriceNano)));
    }
}

/// <summary>Reports every mistake of the section at once, each with its key, its bound and what to do.</summary>
public sealed class InferenceOptionsValidator : IValidateOptions<InferenceOptions>
{
    /// <summary>A million TON per million tokens: whatever is above is a slip of the keyboard, and could overflow a charge.</summary>
    private const long HighestPriceNano = 1_000_000 * Nanotons.PerTon;

    public ValidateOptionsResult Validate(string? name, InferenceOptions options)
    {
        var mistakes = new List<string>();
        Policy(mistakes, "Inference:Policy", options.Policy);
        Range(mistakes, "Inference:QueueCapacity", options.QueueCapacity, 0, 100_000);
        Range(mistakes, "Inference:QueueBytes", options.QueueBytes, 1L << 20, 4L << 30);
        Range(mistakes, "Inference:QueueTime", options.QueueTime, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Range(mistakes, "Inference:AgeingStep", options.AgeingStep, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        Range(mistakes, "Inference:FirstTokenTime", options.FirstTokenTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Range(mistakes, "Inference:SilentTime", options.SilentTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Range(mistakes, "Inference:ReaderTime", options.ReaderTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Range(mistakes, "Inference:MaxRetries", options.MaxRetries, 0, 2);
        Range(mistakes, "Inference:RetryPercent", options.RetryPercent, 0, 100);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Models.Count; i++)
            Model(mistakes, $"Inference:Models:{i}", options.Models[i], seen);
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void Model(List<string> mistakes, string key, ModelOptions model, HashSet<string> seen)
    {
        if (model.Name is not { Length: > 0 and <= 200 })
            mistakes.Add($"{key}:Name is missing; give the model's name as its workers register it.");
        else if (!seen.Add(model.Name))
            mistakes.Add($"{key}:Name repeats '{model.Name}'; say everything about a model in one entry.");
        if (model.Policy is not null)
            Policy(mistakes, $"{key}:Policy", model.Policy);
        Range(mistakes, $"{key}:QueueCapacity", model.QueueCapacity ?? 0, 0, 100_000);
        Range(mistakes, $"{key}:MinVramGb", model.MinVramGb, 0, 100_000);
        Range(mistakes, $"{key}:PromptPriceNano", model.PromptPriceNano, 0, HighestPriceNano);
        Range(mistakes, $"{key}:CachedPriceNano", model.CachedPriceNano ?? 0, 0, HighestPriceNano);
        Range(mistakes, $"{key}:CompletionPriceNano", model.CompletionPriceNano, 0, HighestPriceNano);
    }

    private static void Policy(List<string> mistakes, string key, string policy)
    {
        if (RoutingPolicies.Find(policy) is null)
            mistakes.Add($"{key} is '{policy}'; choose one of {string.Join(", ", RoutingPolicies.Names)}.");
    }

    private static void Range<T>(List<string> mistakes, string key, T value, T lowest, T highest)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            mistakes.Add($"{key} is {value}; choose from {lowest} to {highest}.");
    }
}
