using System.CommandLine;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Commands;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

var time = TimeProvider.System;
try
{
    var parsed = CommandTree.Build(Checkout.Find(), new Report(time), time).Parse(args);
    if (parsed.Errors.Count > 0)
    {
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync("cocoon: " + error.Message);
        await Console.Error.WriteLineAsync("See ./cocoon --help.");
        return 2;
    }

    // Ctrl-C cancels the command, which then stops its services in order; that takes longer than the default two seconds.
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
    });
}
catch (LauncherException failure)
{
    await Console.Error.WriteLineAsync("cocoon: " + failure.Message);
    return 1;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    // A file or folder that is not ours to use: its name is in the message, and a stack would say nothing more.
    await Console.Error.WriteLineAsync("cocoon: " + failure.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("cocoon: stopped.");
    return 1;
}
