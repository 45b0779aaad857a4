/** Agents on ARC's own server. The model is a function of the message; the port is the only argument. */
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay
import org.eclipse.lmos.arc.agents.ArcException
import org.eclipse.lmos.arc.agents.agents
import org.eclipse.lmos.arc.agents.conversation.AIAgentHandover
import org.eclipse.lmos.arc.agents.conversation.AssistantMessage
import org.eclipse.lmos.arc.agents.conversation.ConversationClassification
import org.eclipse.lmos.arc.agents.conversation.ConversationMessage
import org.eclipse.lmos.arc.agents.dsl.AllTools
import org.eclipse.lmos.arc.agents.dsl.FunctionDefinitionContext
import org.eclipse.lmos.arc.agents.dsl.InputFilterContext
import org.eclipse.lmos.arc.agents.dsl.extensions.breakWith
import org.eclipse.lmos.arc.agents.dsl.extensions.emitMessage
import org.eclipse.lmos.arc.agents.dsl.extensions.memory
import org.eclipse.lmos.arc.agents.dsl.extensions.outputContext
import org.eclipse.lmos.arc.agents.dsl.extensions.system
import org.eclipse.lmos.arc.agents.dsl.extensions.userProfile
import org.eclipse.lmos.arc.agents.functions.LLMFunction
import org.eclipse.lmos.arc.agents.llm.ChatCompleter
import org.eclipse.lmos.arc.agents.llm.ChatCompleterProvider
import org.eclipse.lmos.arc.agents.llm.ChatCompletionSettings
import org.eclipse.lmos.arc.agents.dsl.types
import org.eclipse.lmos.arc.core.Failure
import org.eclipse.lmos.arc.core.Success
import org.eclipse.lmos.arc.core.result
import org.eclipse.lmos.arc.server.ktor.serve
import java.util.concurrent.atomic.AtomicInteger

private const val LONG_MS = 60_000L

/** Turns that began to wait, and that were cancelled while they did. */
private val waiting = AtomicInteger()
private val cancelled = AtomicInteger()

private suspend fun waitLong() {
    waiting.incrementAndGet()
    try {
        delay(LONG_MS)
    } catch (cancellation: CancellationException) {
        cancelled.incrementAndGet()
        throw cancellation
    }
}

private val model =
    object : ChatCompleter {
        override suspend fun complete(
            messages: List<ConversationMessage>,
            functions: List<LLMFunction>?,
            settings: ChatCompletionSettings?,
        ) = result<AssistantMessage, ArcException> {
            val asked = messages.last().content
            if (asked.startsWith("!fail")) throw ArcException("the model fails")
            if (asked.startsWith("!throw")) error("the model breaks")
            if (asked.startsWith("!wait")) waitLong()
            if (asked.startsWith("!slow")) delay(400)
            val answer =
                when {
                    asked.startsWith("!tool") -> "tool says: ${useTools(asked.substringBefore(" "), functions.orEmpty())}"
                    asked.startsWith("!counts") -> "${waiting.get()} waited, ${cancelled.get()} cancelled"
                    asked.startsWith("!empty") -> ""
                    asked.startsWith("!long") -> "x".repeat(60_000)
                    else -> "kotlin says: $asked (${messages.size - 1} messages)"
                }
            AssistantMessage(answer)
        }
    }

/** What each word makes of the tools. */
private suspend fun useTools(
    word: String,
    functions: List<LLMFunction>,
): String {
    suspend fun call(
        name: String,
        vararg input: Pair<String, Any?>,
    ): String =
        when (val outcome = functions.first { it.name == name }.execute(mapOf(*input))) {
            is Success -> outcome.value
            is Failure -> throw ArcException("the tool fails: ${outcome.reason}")
        }
    return when (word) {
        "!tools" -> functions.map { it.name }.sorted().joinToString(",")
        "!tool2" -> call("add", "a" to 1, "b" to 2).let { call("add", "a" to 3, "b" to 4) }
        "!toolmissing" -> call("add", "a" to 1)
        "!toolwrong" -> call("add", "a" to "x", "b" to listOf(1))
        "!toolfail" -> call("failing")
        "!toolbreak" -> call("breaking")
        "!toolsay" -> call("saying")
        "!toolcontext" -> call("noting")
        "!toolunknown" -> call("nobody")
        "!toolinjected" -> call("injected", "x" to "y")
        "!toolempty" -> call("empty")
        "!toolmemory" -> call("remember")
        "!toolloop" -> "looped".also { repeat(40) { call("add", "a" to 1, "b" to 2) } }
        else -> call("add", "a" to 1, "b" to 2)
    }
}

private fun FunctionDefinitionContext.defineTools() {
    function(name = "add", description = "Adds", params = types(integer("a", "a"), integer("b", "b"))) { (a, b) -> "$a + $b" }
    function(name = "failing", description = "Fails") { error("the tool breaks") }
    function(name = "breaking", description = "Breaks") { breakWith("stopped by a tool", Status("UNRESOLVED")) }
    function(name = "saying", description = "Says") { "said".also { emitMessage(AssistantMessage("calling a tool")) } }
    function(name = "noting", description = "Notes") { "noted".also { outputContext("from", "tool") } }
    function(name = "empty", description = "Says nothing") { "" }
    function(name = "remember", description = "Remembers") { memory("k", "v").let { "${memory<String>("k")}" } }
}

private class Status(
    private val word: String,
) : ConversationClassification {
    override fun toString() = word
}

/** What a message asks of the agent before its model is asked. */
private suspend fun InputFilterContext.doAsTold() {
    val asked = inputMessage.content
    if (asked.startsWith("!say")) {
        emitMessage(AssistantMessage("working on it"))
        outputContext("k", "v")
    }
    if (asked.startsWith("!break")) breakWith("stopped early", Status("UNRESOLVED"))
    if (asked.startsWith("!human")) breakWith("A person will call you.", Status("AGENT_HANDOVER"))
    if (asked.startsWith("!here")) breakWith("handed over", AIAgentHandover("breaking"))
    if (asked.startsWith("!far")) breakWith("handed over", AIAgentHandover("far-agent"))
    if (asked.startsWith("!knows")) breakWith("${system("k", "none")} ${userProfile("name", "nobody")}")
}

fun main(arguments: Array<String>) {
    agents(chatCompleterProvider = ChatCompleterProvider { model }, functions = { defineTools() }) {
        agent {
            name = "kotlin-agent"
            description = "Answers from the JVM."
            tools = AllTools
            filterInput { doAsTold() }
            prompt { "You answer." }
        }
        agent {
            name = "failing"
            description = "Fails before its model is asked."
            prompt { error("no prompt") }
        }
        agent {
            name = "breaking"
            description = "Stops early."
            filterInput { breakWith("stopped early", Status("UNRESOLVED")) }
            prompt { "You stop." }
        }
    }.serve(port = arguments.first().toInt(), devMode = false, wait = true)
}
