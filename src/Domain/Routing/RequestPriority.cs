namespace CocoonPool.Domain.Routing;

public enum RequestPriority
{
    Low = 0,
    Normal = 1,
    High = 2,
}

/// <summary>Priorities as the API writes them.</summary>
public static class RequestPriorities
{
    public static bool TryParse(string? text, out RequestPriority priority)
    {
        priority = text switch { "low" => RequestPriority.Low, "high" => RequestPriority.High, _ => RequestPriority.Normal };
        return text is "low" or "normal" or "high";
    }
}
