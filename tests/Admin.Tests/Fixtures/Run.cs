using CocoonPool.Client.Admin;

namespace CocoonPool.Admin.Tests.Fixtures;

/// <summary>What one run of cocoon-admin printed and how it ended.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    /// <summary>Runs the program with nothing in its environment but what is given.</summary>
    public static async Task<Run> Admin(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await AdminProgram.Run(arguments, output, error, name => environment.GetValueOrDefault(name), TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }

    public static Task<Run> Admin(params string[] arguments) => Admin(new Dictionary<string, string>(), arguments);

    /// <summary>As the operator of the fake pool.</summary>
    public static async Task<Run> Operator(FakePool pool, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        return await Admin(
            new Dictionary<string, string> { ["COCOON_URL"] = pool.Url, ["COCOON_OPERATOR_KEY_FILE"] = directory.Write("operator.key", FakePool.Key + "\n") }, arguments);
    }
}
