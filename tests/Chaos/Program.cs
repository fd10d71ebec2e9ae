using System.CommandLine;
using CocoonPool.Chaos.Commands;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Workspace;

try
{
    var parsed = ChaosCommand.Build(Checkout.Find(), TimeProvider.System).Parse(args);
    if (parsed.Errors.Count > 0)
    {
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync("cocoon: " + error.Message);
        await Console.Error.WriteLineAsync("See ./cocoon chaos --help.");
        return 2;
    }

    // Ctrl-C stops the services in their order, and takes the file system of the run away.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
}
catch (LauncherException failure)
{
    await Console.Error.WriteLineAsync("cocoon: " + failure.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("cocoon: stopped.");
    return 1;
}
