using CocoonPool.Client.Launcher.Supervision;

namespace CocoonPool.Client.Launcher.Workspace;

/// <summary>
/// Between the choice of a free port and the moment in which a service listens there, somebody else can take it. Handing over an open
/// socket would close this gap, but none of the programs that are started here takes one. So a service that finds its port taken is
/// started once more at another one; whoever needs its address is started afterwards.
/// </summary>
public static class PortChoice
{
    private const int MostTries = 5;

    /// <param name="choose">Chooses ports anew and says what is to be started there. A port that a person named and that is taken is refused here.</param>
    /// <param name="start">Starts it and waits until it is ready.</param>
    /// <returns>What was started.</returns>
    public static async Task<T> Start<T>(Func<T> choose, Func<T, Task> start)
    {
        for (var tries = 1; ; tries++)
        {
            var chosen = choose();
            try
            {
                await start(chosen);
                return chosen;
            }
            catch (PortTakenException) when (tries < MostTries)
            {
                // Chosen again.
            }
        }
    }
}
