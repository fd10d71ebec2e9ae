using System.Security.Cryptography;
using System.Text;
using CocoonPool.Security.Tests.Host;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(DrawnOrder))]
[assembly: TestCaseOrderer(typeof(DrawnOrder))]

namespace CocoonPool.Security.Tests.Host;

/// <summary>
/// All tests share one pool, so what one leaves behind the next one finds. The order is drawn from a seed over the tests' names, the same on
/// every machine (the runner's own order depends on the folder of the checkout); <c>COCOON_TEST_ORDER</c> gives another seed, to find tests that
/// need a particular order.
/// </summary>
public sealed class DrawnOrder : ITestCollectionOrderer, ITestCaseOrderer
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("COCOON_TEST_ORDER") ?? "1";

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(c => Draw(c.TestCollectionDisplayName), StringComparer.Ordinal)];

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(c => Draw(c.TestCaseDisplayName), StringComparer.Ordinal)];

    private static string Draw(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}/{name}")));
}
