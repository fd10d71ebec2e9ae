using System.CommandLine;
using CocoonPool.Client.Agent.Commands;

var root = new RootCommand("The worker agent of a Cocoon pool: connects a GPU machine to the pool and serves its requests.")
{
    CommandOptions.Config,
    InitCommand.Create(),
    CheckCommand.Create(),
    RunCommand.Create(),
    StatusCommand.Create(),
    DrainCommand.Create(),
    KeysCommand.Create(),
};
// `run` handles the signals itself: draining takes longer than the library would wait.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
