def dashboard():
    """Describe a dashboard in Chinese."""
    return {
        "question": "食堂排队多久？",
        "options": ("五分钟", "十分钟"),
        "right": "十分钟",
        "views": tuple(
            {"title": title, "description": description, "badge": "M"}
            for title, description in {
                "等待": "折线图：每小时平均等待时间，中午最高。",
                "座位": "条形图：每个时段空座位数，十二点没有空位。",
                "满意": "点和区间：三组学生的满意度，新生最低。",
            }.items()
        ),
        "cases": ["平日", "考试周", "雨天"],
    }
