namespace CocoonPool.Domain.Routing;

/// <summary>Every policy under its name in the configuration.</summary>
public static class RoutingPolicies
{
    public const string Default = "power-of-two-choices";

    private static readonly IRoutingPolicy[] All =
        [new RoundRobin(), new LeastLoaded(), new PowerOfTwoChoices(), new Weighted(), new LowestLatency(), new Sticky()];

    public static IEnumerable<string> Names => All.Select(policy => policy.Name);

    public static IRoutingPolicy? Find(string name) => All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));
}
