namespace CocoonPool.Silo.Audit;

/// <summary>What the audit line of a request is to say beyond what the request says by itself.</summary>
public sealed class AuditNote
{
    public string? Action { get; set; }

    public string? Object { get; set; }

    /// <summary>Who it is said to be, where that is what is being proven.</summary>
    public string? Actor { get; set; }

    public object? Before { get; set; }

    /// <summary>Left out, it is the answer.</summary>
    public object? After { get; set; }

    public string? Refusal { get; set; }
}

/// <summary>An endpoint whose successful calls leave no audit line, and why.</summary>
public sealed record NotAudited(string Because);

/// <summary>How handlers add to the audit line of their request.</summary>
public static class AuditNotes
{
    private static readonly object Key = new();

    public static AuditNote Audit(this HttpContext context, string? action = null, string? @object = null, string? actor = null, object? before = null, object? after = null)
    {
        var note = Note(context);
        note.Action = action ?? note.Action;
        note.Object = @object ?? note.Object;
        note.Actor = actor ?? note.Actor;
        note.Before = before ?? note.Before;
        note.After = after ?? note.After;
        return note;
    }

    /// <summary>The code of the error that is answered.</summary>
    public static void AuditRefusal(this HttpContext context, string code) => Note(context).Refusal = code;

    public static TBuilder NotAudited<TBuilder>(this TBuilder endpoint, string because)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NotAudited(because));

    public static AuditNote Note(this HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known))
            return (AuditNote)known!;
        var note = new AuditNote();
        context.Items[Key] = note;
        return note;
    }
}

/// <summary>Keeps what a handler answers, as the state after what it did. <see cref="AuditText"/> takes secrets out.</summary>
public sealed class AuditedAnswer : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (AuditTrail.IsMutation(context.HttpContext))
            context.HttpContext.Note().After ??= answer is IValueHttpResult result ? result.Value : answer is IResult ? null : answer;
        return answer;
    }
}
