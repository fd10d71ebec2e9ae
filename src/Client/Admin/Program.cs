using CocoonPool.Client.Admin;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await AdminProgram.Run(args, Console.Out, Console.Error, Environment.GetEnvironmentVariable, stop.Token);
