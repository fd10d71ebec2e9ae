namespace CocoonPool.Engine.Local;

/// <summary>Names the grains that wait for each other when a call timed out because of it.</summary>
internal static class CallCycle
{
    private const int MostGrains = 32;

    /// <summary>Follows the callers backwards from <paramref name="call"/>; a cycle ends where it began, at the callee.</summary>
    public static string? Find(Call call)
    {
        var path = new List<string> { $"{call.Target?.GrainId}" };
        var caller = call.Source;
        while (caller is not null && path.Count < MostGrains)
        {
            path.Add($"{caller.GrainId}");
            if (caller.GrainId == call.Target?.GrainId)
            {
                path.Reverse();
                return string.Join(" → ", path);
            }

            caller = (caller as Activation)?.Blocking?.Source;
        }

        return null;
    }
}
