using System.Collections;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Host;

/// <summary>How many grains the pool holds in memory. The engine keeps this to itself, so it is looked at from behind.</summary>
public static class Activations
{
    private const string Engine = "CocoonPool.Engine.Local.LocalEngine, CocoonPool.Engine.Local";

    /// <summary>Names of grains in memory that contain a text; the test is skipped on an engine that cannot be looked into.</summary>
    public static int Named(PoolUnderAttack pool, string text)
    {
        var type = Type.GetType(Engine);
        Assert.SkipWhen(type is null, "another engine");
        var directory = Property(pool.Services.GetRequiredService(type!), "Directory");
        return ((IEnumerable)Property(directory, "All")).Cast<object>().Count(a => Property(a, "GrainId").ToString()!.Contains(text, StringComparison.Ordinal));
    }

    private static object Property(object of, string name) =>
        of.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy)!.GetValue(of)!;
}
