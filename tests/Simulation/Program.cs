using CocoonPool.PoolSimulation.Commands;

var parsed = SimCommand.Build(Console.Out).Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync();
foreach (var error in parsed.Errors)
    await Console.Error.WriteLineAsync($"cocoon: {error.Message}");
await Console.Error.WriteLineAsync("See ./cocoon sim --help.");
return 2;
